#include "render/png.h"

#include "model/attachment.h"

#include <png.h>
#include <stdlib.h>

/* Without filters and at level 5: measured on flame graphs, flat colours with text, the smallest
 * that costs about 10 ms a megapixel (a filter makes them larger and slower). */
enum { level = 5 };

struct writer {
    struct pv_output *output;
    char message[128];
};

static void write_bytes(png_structp png, png_bytep bytes, size_t size)
{
    struct writer *writer = png_get_io_ptr(png);
    pv_output_add(writer->output, (struct pv_text){(const char *)bytes, size});
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static void keep_error(png_structp png, png_const_charp message)
{
    struct writer *writer = png_get_error_ptr(png);
    for (size_t i = 0; i + 1 < sizeof writer->message && message[i]; i++)
        writer->message[i] = message[i];
    png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void row_to_rgb(unsigned char *out, const unsigned char *row, uint32_t width)
{
    const uint32_t *pixels = (const void *)row;
    for (uint32_t i = 0; i < width; i++) {
        uint32_t rgb = pixels[i];
        *out++ = (unsigned char)(rgb >> 16);
        *out++ = (unsigned char)(rgb >> 8);
        *out++ = (unsigned char)rgb;
    }
}

/* Behind its copy nothing reads what png_set_text is given. */
static void add_attachment(png_structp png, png_infop info, struct pv_text data)
{
    struct pv_buffer terminated = {0};
    pv_buffer_add(&terminated, data);
    pv_buffer_char(&terminated, '\0');
    png_text text = {
        .compression = PNG_TEXT_COMPRESSION_NONE,
        .key = PV_ATTACHMENT_PNG,
        .text = terminated.data,
        .text_length = data.size,
    };
    png_set_text(png, info, &text, 1);
    pv_buffer_free(&terminated);
}

static void write_all(png_structp png, png_infop info, const struct pv_pixels *pixels,
                      unsigned char *row)
{
    uint32_t per_metre = (uint32_t)(pixels->scale * 96 / 0.0254 + 0.5);
    png_set_IHDR(png, info, pixels->width, pixels->height, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    if (pixels->carried.size)
        add_attachment(png, info, pixels->carried);
    png_set_compression_level(png, level);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
    png_write_info(png, info);
    for (uint32_t y = 0; y < pixels->height; y++) {
        row_to_rgb(row, pixels->data + y * pixels->stride, pixels->width);
        png_write_row(png, row);
    }
    png_write_end(png, info);
}

bool pv_png_write(struct pv_output *output, const struct pv_pixels *pixels, struct pv_error *err)
{
    struct writer writer = {.output = output};
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, keep_error, ignore_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return pv_fail(err, PV_OUTPUT_FAILED, (struct pv_where){0}, "libpng does not start");
    }
    unsigned char *row = pv_alloc(pixels->width * (size_t)3);
    volatile bool is_done = false;
    if (!setjmp(png_jmpbuf(png))) {
        png_set_write_fn(png, &writer, write_bytes, flush_nothing);
        write_all(png, info, pixels, row);
        is_done = true;
    }
    png_destroy_write_struct(&png, &info);
    free(row);
    return is_done ||
           pv_fail(err, PV_OUTPUT_FAILED, (struct pv_where){0}, "PNG: %s", writer.message);
}
