#include "formats/pstats_frame.h"

#include "model/profile.h"

#define LENGTH(table) (sizeof(table) / sizeof *(table))

static bool is_one_of(struct pv_text text, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (pv_text_equal(text, pv_text_of(table[i])))
            return true;
    return false;
}

static struct pv_text without_prefix(struct pv_text text, struct pv_text prefix)
{
    return pv_text_starts(text, prefix) ? pv_text_slice(text, prefix.size, text.size) : text;
}

/* "<built-in method builtins.exec>" (CPython 3), "<built-in function exec>" (PyPy), "<execfile>"
 * (Python 2) and "exec" (profile) are all "exec". */
static struct pv_text bare_builtin(struct pv_text name)
{
    if (pv_text_starts(name, PV_TEXT("<")) && pv_text_ends(name, PV_TEXT(">")))
        name = pv_text_slice(name, 1, name.size - 1);
    name = without_prefix(name, PV_TEXT("built-in method "));
    name = without_prefix(name, PV_TEXT("built-in function "));
    return without_prefix(name, PV_TEXT("builtins."));
}

static bool is_builtin_loader(struct pv_text name)
{
    static const char *const runners[] = {"exec", "eval", "execfile", "__import__"};
    name = bare_builtin(name);
    return is_one_of(name, runners, LENGTH(runners)) || pv_text_starts(name, PV_TEXT("_imp.")) ||
           pv_text_starts(name, PV_TEXT("imp."));
}

/* Takes the last component off a path of any system. */
static struct pv_text take_last(struct pv_text *path)
{
    size_t slash = pv_text_find_last(*path, '/'), backslash = pv_text_find_last(*path, '\\');
    if (slash == path->size || (backslash != path->size && backslash > slash))
        slash = backslash;
    if (slash == path->size) {
        struct pv_text all = *path;
        *path = pv_text_slice(*path, 0, 0);
        return all;
    }
    struct pv_text last = pv_text_slice(*path, slash + 1, path->size);
    *path = pv_text_slice(*path, 0, slash);
    return last;
}

/* Modules that are frozen into the interpreter: "<frozen runpy>", in PyPy "<builtin>/frozen …". */
static bool is_frozen_loader(struct pv_text file)
{
    static const char *const modules[] = {"frozen importlib.", "frozen zipimport", "frozen runpy"};
    file = without_prefix(file, PV_TEXT("<builtin>/"));
    file = without_prefix(file, PV_TEXT("<"));
    for (size_t i = 0; i < LENGTH(modules); i++)
        if (pv_text_starts(file, pv_text_of(modules[i])))
            return true;
    return false;
}

/* importlib/metadata and importlib/resources are ordinary code. */
static bool is_loader_file(struct pv_text file)
{
    static const char *const alone[] = {"runpy.py", "zipimport.py"};
    static const char *const parts[] = {"__init__.py",  "_bootstrap.py", "_bootstrap_external.py",
                                        "machinery.py", "util.py",       "_abc.py",
                                        "abc.py"};
    struct pv_text base = take_last(&file);
    return is_one_of(base, alone, LENGTH(alone)) ||
           (is_one_of(base, parts, LENGTH(parts)) &&
            pv_text_equal(take_last(&file), PV_TEXT("importlib")));
}

/* Methods that every importer has by contract (PEP 451), whoever wrote it. */
static bool is_loader_method(struct pv_text name)
{
    return pv_text_equal(name, PV_TEXT("exec_module")) ||
           pv_text_equal(name, PV_TEXT("import_module")) ||
           pv_text_ends(name, PV_TEXT(".exec_module"));
}

uint32_t pv_pstats_flags(struct pv_text file, struct pv_text name)
{
    if (file.size == 0 || pv_text_equal(file, PV_TEXT("~")))
        return PV_FRAME_BUILTIN | (is_builtin_loader(name) ? PV_FRAME_LOADER : 0);
    return is_frozen_loader(file) || is_loader_file(file) || is_loader_method(name)
               ? PV_FRAME_LOADER
               : 0;
}
