#include "render/markdown.h"

void pv_markdown_code(struct pv_output *output, struct pv_text text)
{
    size_t longest = 0;
    for (size_t i = 0, run = 0; i < text.size; i++) {
        run = text.data[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    char first = text.size ? text.data[0] : ' ', last = text.size ? text.data[text.size - 1] : ' ';
    bool is_padded = first == '`' || last == '`' || (first == ' ' && last == ' ');
    for (size_t i = 0; i <= longest; i++)
        pv_output_char(output, '`');
    pv_output_string(output, is_padded ? " " : "");
    pv_output_add(output, text);
    pv_output_string(output, is_padded ? " " : "");
    for (size_t i = 0; i <= longest; i++)
        pv_output_char(output, '`');
}

static bool is_word_byte(char byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           byte == ' ' || byte == ',' || byte == '(' || byte == ')' || byte == '%' || byte == '-' ||
           (unsigned char)byte >= 0x80;
}

/* Whether no renderer makes more of the text than the words and numbers that it shows: a point or
 * a colon has to end a word or part digits. */
static bool is_prose(struct pv_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        char next = i + 1 < text.size ? text.data[i + 1] : ' ';
        bool is_pause = next == ' ' || (text.data[i] == '.' && next >= '0' && next <= '9');
        bool is_mark = text.data[i] == '.' || text.data[i] == ':' || text.data[i] == ';';
        if (!(is_word_byte(text.data[i]) || (is_mark && is_pause)))
            return false;
    }
    return true;
}

void pv_markdown_sentence(struct pv_output *output, struct pv_text text)
{
    if (is_prose(text))
        pv_output_add(output, text);
    else
        pv_markdown_code(output, text);
}
