#include "tests/fuzz/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Stands in for libFuzzer: gives every file of the folders named as arguments to the target once.
 */

static bool replay_file(const char *path)
{
    static uint8_t bytes[4 << 20];
    FILE *file = fopen(path, "rb");
    if (!file)
        return false;
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    uint8_t *exact = malloc(size ? size : 1); /* so that a sanitizer sees its end */
    for (size_t i = 0; i < size; i++)
        exact[i] = bytes[i];
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return true;
}

int main(int argc, char **argv)
{
    unsigned files = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        struct dirent *entry;
        char path[4096];
        while (folder && (entry = readdir(folder))) {
            snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            files += entry->d_name[0] != '.' && replay_file(path);
        }
        if (folder)
            closedir(folder);
    }
    printf("%u files replayed\n", files);
    return files ? 0 : 1;
}
