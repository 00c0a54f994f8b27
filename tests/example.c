#include "formats/format.h"

#include <stdio.h>
#include <string.h>

/* The reader that docs/adding-a-format.md shows does what it says, whatever the chunks. */

extern const struct pv_format pv_format_steps;

static const char steps[] = "42 main;load\n1 main;load;parse\r\nnot a step\n2.5 main\n"
                            "1 a\n1 b\n1 c\n1 d\n1 e\n1 f\n1 g\n1 h;i";

static bool reads(size_t chunk)
{
    struct pv_input_options options = {.chunk = chunk};
    struct pv_text bytes = {steps, strlen(steps)};
    struct pv_input *input = pv_input_memory(bytes, "steps", &options);
    struct pv_profile *profile = NULL;
    struct pv_error err = {0};
    bool is_read = pv_format_steps.probe(bytes, true) == PV_PROBE_LIKELY &&
                   pv_format_steps.read(input, &profile, &err);
    bool is_right = is_read && profile->metrics[0].total == 535 &&
                    profile->metrics[0].scale == 10 && profile->frame_count == 12 &&
                    profile->note_count == 1;
    if (!is_right)
        printf("chunks of %zu: %s\n", chunk, err.message);
    pv_profile_free(profile);
    pv_input_close(input);
    return is_right;
}

int main(void)
{
    return reads(1) && reads(7) && reads(4096) ? 0 : 1;
}
