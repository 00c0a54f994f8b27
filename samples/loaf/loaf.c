/* A bakery: enough calls of each kind for a trace to show. cc -pg -O0 loaf.c -lpthread */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static unsigned knead(unsigned turns)
{
    unsigned dough = 1;
    for (unsigned i = 0; i < turns * 1000; i++)
        dough = dough * 1664525 + 1013904223;
    return dough;
}

static unsigned fold(unsigned layers)
{
    return layers ? fold(layers - 1) + knead(1) : 0;
}

static unsigned bake(unsigned loaves)
{
    unsigned warmth = 0;
    for (unsigned i = 0; i < loaves; i++)
        warmth += knead(5);
    usleep(300);
    return warmth;
}

static unsigned make_bread(unsigned loaves)
{
    return fold(4) + bake(loaves);
}

static void *oven(void *loaves)
{
    return (void *)(unsigned long)make_bread(*(unsigned *)loaves);
}

int main(void)
{
    pthread_t second;
    unsigned loaves = 3;
    pthread_create(&second, NULL, oven, &loaves);
    unsigned sum = make_bread(2);
    pthread_join(second, NULL);
    return printf("%u\n", sum) < 0;
}
