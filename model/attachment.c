#include "model/attachment.h"

#include "model/base64.h"
#include "model/codec.h"

void pv_attachment_pack(struct pv_buffer *out, struct pv_text json)
{
    struct pv_buffer packed = {0};
    struct pv_gzip *gzip = pv_gzip_new(PV_GZIP_FAST);
    pv_gzip_add(gzip, json, &packed);
    pv_gzip_finish(gzip, &packed);
    pv_base64_add(out, pv_buffer_text(&packed));
    pv_gzip_free(gzip);
    pv_buffer_free(&packed);
}

bool pv_attachment_unpack(struct pv_buffer *out, struct pv_text text)
{
    return pv_base64_read(out, text);
}
