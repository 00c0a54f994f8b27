#ifndef PV_FORMATS_PSTATS_TEXT_LOG_H
#define PV_FORMATS_PSTATS_TEXT_LOG_H

#include "model/text.h"

/* What terminals and logs put into and before the lines that pstats prints. */

/* The line without the codes that colour it (ESC [ … m, and K); `room` holds the text where there
 * are any, until it is used again. */
struct pv_text pv_pstats_log_plain(struct pv_text line, struct pv_buffer *room);

/* How many bytes of the line a log wrote before pstats' own, such as a time and a blank: where a
 * header of a table or a summary begins behind other text. 0: none does, or at the line's start. */
size_t pv_pstats_log_prefix(struct pv_text line);

#endif
