#include "model/name_short.h"
#include "model/rename.h"
#include "tests/fuzz/check.h"

/* Names in every manner: no name takes long, grows without end or vanishes, and what is left out
 * leaves a part of the name. */

static void check(struct pv_text name, struct pv_naming naming)
{
    enum { MOST = 80 << 10, GROWTH = 3 };
    struct pv_buffer out = {0};
    pv_rename_one(&out, name, &naming);
    read_any_demand(out.size <= (name.size + MOST) * GROWTH, "names stay of a size");
    read_any_demand(out.size > 0 || name.size == 0 || naming.demangling != PV_DEMANGLE_FULL,
                    "a name does not vanish");
    pv_buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pv_text name = {(const char *)data, size};
    struct pv_text left = pv_name_strip(name);
    for (unsigned how = PV_DEMANGLE_FULL; how <= PV_DEMANGLE_NONE; how++)
        check(name, (struct pv_naming){(enum pv_demangling)how, false});
    check(name, (struct pv_naming){PV_DEMANGLE_SHORT, true});
    read_any_demand(left.size <= name.size || left.size == 9, "stripping leaves a part");
    read_any_demand(left.size > 0 || name.size == 0, "stripping leaves something");
    return 0;
}
