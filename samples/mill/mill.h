/* Compiled into its callers: costs of this file stand within functions of another. */
static inline int coarse(int grain)
{
    int sum = 0;
    for (int i = 0; i < grain % 13; i++)
        sum += i * grain;
    return sum;
}
