#include <stdio.h>
#include <stdlib.h>

/* Something to count the instructions of: work N. */
static unsigned mix(unsigned x)
{
    x ^= x << 13;
    x ^= x >> 17;
    return x ^ x << 5;
}

int main(int argc, char **argv)
{
    unsigned x = 1;
    for (long i = argc > 1 ? strtol(argv[1], NULL, 10) : 1000; i > 0; i--)
        x = mix(x);
    printf("%u\n", x);
    return 0;
}
