#ifndef PV_RENDER_MARKDOWN_H
#define PV_RENDER_MARKDOWN_H

#include "model/output.h"

/* What every writer of Markdown (GitHub's) needs. */

/* Foreign text stands in code spans: nothing in them is markup, and the sites that turn @names,
 * #numbers, :words: and bare addresses into links leave them alone, which no escape outside of code
 * achieves: they look at what is shown. */
void pv_markdown_code(struct pv_output *output, struct pv_text text);

/* A fact or a note in display form, which may name things: in a code span where a renderer could
 * make more of it than its words and numbers. */
void pv_markdown_sentence(struct pv_output *output, struct pv_text text);

#endif
