/* A mill without a C library, so that a profile of instructions is small: nothing else runs. x86-64 Linux. */
static volatile unsigned dust = 1; /* initialised: without data of its own valgrind reads no names */

static void turn(unsigned rounds)
{
    for (unsigned i = 0; i < rounds; i++)
        dust += i ^ (dust << 1);
}

static unsigned halve(unsigned sack)
{
    turn(sack);
    return sack < 2 ? 1 : halve(sack / 2) + halve(sack - sack / 2);
}

static unsigned sift(const unsigned *flour, unsigned size)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < size; i += 16)
        sum += flour[i];
    return sum;
}

static unsigned flour[1 << 16];

void _start(void)
{
    dust = halve(40) + sift(flour, 1 << 16);
    __asm__ volatile("syscall" : : "a"(60), "D"(0));
    __builtin_unreachable();
}
