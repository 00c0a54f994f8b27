#include "tests/fuzz/read_any.h"

/* A target for libFuzzer: the first byte chooses the format (or detection), the second the size of
 * the pieces, the rest is the input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct pv_format *const *formats = pv_formats();
    size_t count = 0;
    if (size < 2)
        return 0;
    while (formats[count])
        count++;
    size_t choice = data[0] % (count + 1);
    struct pv_text bytes = {(const char *)data + 2, size - 2};
    read_any(choice < count ? formats[choice] : NULL, bytes, data[1]);
    return 0;
}
