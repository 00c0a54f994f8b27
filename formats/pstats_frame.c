#include "formats/pstats_frame.h"

#define LENGTH(table) (sizeof(table) / sizeof *(table))
#define TEXT(literal)                                                                              \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

static bool is_one_of(struct pv_text text, const struct pv_text *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (text.size == table[i].size && pv_text_equal(text, table[i]))
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
    static const struct pv_text runners[] = {TEXT("exec"), TEXT("eval"), TEXT("execfile"),
                                             TEXT("__import__"), TEXT("__build_class__")};
    name = bare_builtin(name);
    return is_one_of(name, runners, LENGTH(runners)) || pv_text_starts(name, PV_TEXT("_imp.")) ||
           pv_text_starts(name, PV_TEXT("imp."));
}

/* Takes the last component off a path of any system. */
static struct pv_text take_last(struct pv_text *path)
{
    size_t from = path->size;
    while (from > 0 && path->data[from - 1] != '/' && path->data[from - 1] != '\\')
        from--;
    struct pv_text last = pv_text_slice(*path, from, path->size);
    *path = pv_text_slice(*path, 0, from ? from - 1 : 0);
    return last;
}

/* Modules that are frozen into the interpreter: "<frozen runpy>", in PyPy "<builtin>/frozen …". */
static bool is_frozen_loader(struct pv_text file)
{
    static const struct pv_text modules[] = {TEXT("frozen importlib."), TEXT("frozen zipimport"),
                                             TEXT("frozen runpy")};
    if (file.size == 0 || file.data[0] != '<')
        return false;
    file = without_prefix(file, PV_TEXT("<builtin>/"));
    file = without_prefix(file, PV_TEXT("<"));
    for (size_t i = 0; i < LENGTH(modules); i++)
        if (pv_text_starts(file, modules[i]))
            return true;
    return false;
}

/* importlib/metadata and importlib/resources are ordinary code. */
static bool is_loader_file(struct pv_text file)
{
    static const struct pv_text alone[] = {TEXT("runpy.py"), TEXT("zipimport.py")};
    static const struct pv_text parts[] = {
        TEXT("__init__.py"),  TEXT("_bootstrap.py"), TEXT("_bootstrap_external.py"),
        TEXT("machinery.py"), TEXT("util.py"),       TEXT("_abc.py"),
        TEXT("abc.py")};
    struct pv_text base = take_last(&file);
    if (!pv_text_ends(base, PV_TEXT(".py")))
        return false;
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

uint32_t pv_pstats_file_flags(struct pv_text file)
{
    if (file.size == 0 || pv_text_equal(file, PV_TEXT("~")))
        return PV_FRAME_BUILTIN;
    return is_frozen_loader(file) || is_loader_file(file) ? PV_FRAME_LOADER : 0;
}

uint32_t pv_pstats_flags(uint32_t file_flags, struct pv_text name)
{
    bool is_loader =
        file_flags & PV_FRAME_BUILTIN ? is_builtin_loader(name) : is_loader_method(name);
    return file_flags | (is_loader ? PV_FRAME_LOADER : 0);
}

bool pv_pstats_is_unbounded(const struct pv_profile *profile)
{
    for (uint32_t i = 0; i < profile->graph->func_count; i++)
        if (profile->graph->total[0][i] > profile->metrics[0].total)
            return true;
    return false;
}
