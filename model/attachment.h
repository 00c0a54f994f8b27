#ifndef PV_MODEL_ATTACHMENT_H
#define PV_MODEL_ATTACHMENT_H

#include "model/text.h"

/* A profile that a picture carries along, so that it can be read from the picture again
 * (docs/formats/picture.md): profviz's own JSON, packed with gzip, in base 64 without line ends.
 * Where it stands is agreed between those who draw and the one who reads:
 *
 *     SVG    <metadata id="pv-data">…</metadata> as the root's last child
 *     HTML   <script type="application/json" id="pv-data">"…"</script>, a JSON string: base 64
 *            needs no escapes. The page says <meta name="generator" content="profviz"> in its head
 *            whether it carries a profile or not, so that it is known as one of ours. A page
 *            without scripts has it in <template id="pv-data">…</template>
 *     PNG    a tEXt chunk with this keyword, before the pixels
 *
 * The openings are found by their bytes: they must stand nowhere else in the file, also not in the
 * text of a script. Names cannot forge them, because "<" is escaped in both. */
#define PV_ATTACHMENT_SVG "<metadata id=\"pv-data\">"
#define PV_ATTACHMENT_SVG_END "</metadata>"
#define PV_ATTACHMENT_HTML "<script type=\"application/json\" id=\"pv-data\">"
#define PV_ATTACHMENT_HTML_END "</script>"
#define PV_ATTACHMENT_STILL "<template id=\"pv-data\">"
#define PV_ATTACHMENT_STILL_END "</template>"
#define PV_ATTACHMENT_PNG "profviz"

/* By these a picture without a profile is known as ours, in its first 64 KiB. */
#define PV_ATTACHMENT_SVG_MARK "aria-labelledby=\"pv-title pv-desc\""
#define PV_ATTACHMENT_HTML_MARK "<meta name=\"generator\" content=\"profviz\">"

/* Appends what stands between opening and end (HTML: between the quotes) for these bytes of JSON.
 * The same bytes give the same text. */
void pv_attachment_pack(struct pv_buffer *out, struct pv_text json);

/* The other way round, up to the packing, which an input undoes: false where it is no base 64. */
bool pv_attachment_unpack(struct pv_buffer *out, struct pv_text text);

#endif
