#include "render/font_places.h"

#include <fontconfig/fontconfig.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

static void name_all(FcStrList *list, void (*each)(void *context, const char *path), void *context)
{
    FcChar8 *path;
    while (list && (path = FcStrListNext(list)))
        each(context, (const char *)path);
    if (list)
        FcStrListDone(list);
}

/* Where a folder of fonts has links, the fonts themselves lie elsewhere. */
static void name_linked(const FcFontSet *fonts, void (*each)(void *context, const char *path),
                        void *context)
{
    for (int i = 0; fonts && i < fonts->nfont; i++) {
        FcChar8 *path;
        struct stat info;
        if (FcPatternGetString(fonts->fonts[i], FC_FILE, 0, &path) == FcResultMatch &&
            lstat((const char *)path, &info) == 0 && S_ISLNK(info.st_mode))
            each(context, (const char *)path);
    }
}

void pv_font_places(void (*each)(void *context, const char *path), void *context)
{
    if (!FcInit())
        return;
    name_all(FcConfigGetConfigFiles(NULL), each, context);
    name_all(FcConfigGetFontDirs(NULL), each, context);
    name_all(FcConfigGetCacheDirs(NULL), each, context);
    name_linked(FcConfigGetFonts(NULL, FcSetSystem), each, context);
}
