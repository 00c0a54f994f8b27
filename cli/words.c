#include "cli/words.h"

#include <string.h>

bool pv_words_print(void (*write)(const void *context, struct pv_output *output),
                    const void *context, struct pv_error *err)
{
    struct pv_output *output;
    bool is_closed_pipe = false;
    if (!pv_output_open(&output, "-", &(struct pv_output_options){0}, err))
        return false;
    write(context, output);
    bool is_fine = pv_output_commit(output, &is_closed_pipe, err);
    pv_output_close(output);
    return is_fine || is_closed_pipe;
}

static size_t column_width(const char *const *cells, size_t rows, size_t count, size_t column)
{
    size_t width = 0;
    for (size_t row = 0; row < rows; row++) {
        size_t size = strlen(cells[row * count + column]);
        width = size > width ? size : width;
    }
    return width;
}

void pv_words_columns(const char *const *cells, size_t rows, size_t count, struct pv_output *output)
{
    for (size_t row = 0; row < rows; row++) {
        size_t blanks = 0;
        for (size_t column = 0; column < count; column++) {
            const char *cell = cells[row * count + column];
            for (; cell[0] && blanks; blanks--)
                pv_output_char(output, ' ');
            pv_output_string(output, cell);
            blanks += column_width(cells, rows, count, column) - strlen(cell) + 2;
        }
        pv_output_char(output, '\n');
    }
}
