#include "render/rings.h"

#include <math.h>

static const double full_turn = 2 * 3.14159265358979323846;

/* px; the disc has room for a word, a ring for a line of text. */
static const double least_disc = 40, most_disc = 80, least_ring = 22, most_ring = 90;

uint32_t pv_rings_most_levels(double radius)
{
    double rings = floor((radius - least_disc) / least_ring);
    return 1 + (rings > 1 ? (uint32_t)rings : 1);
}

struct pv_rings pv_rings_for(double radius, uint32_t levels)
{
    struct pv_rings rings = {.disc = fmin(fmax(radius / levels, least_disc), most_disc)};
    if (levels > 1)
        rings.width = fmin((radius - rings.disc) / (levels - 1), most_ring);
    rings.outer = rings.disc + rings.width * (levels - 1);
    return rings;
}

struct pv_sector pv_rings_sector(const struct pv_rings *rings, const struct pv_flame *flame,
                                 const struct pv_flame_box *box)
{
    double whole = (double)flame->sizes[0];
    double inner = box->level ? rings->disc + rings->width * (box->level - 1) : 0;
    return (struct pv_sector){.from = (double)box->start / whole,
                              .to = (double)(box->start + box->value) / whole,
                              .inner = inner,
                              .outer = box->level ? inner + rings->width : rings->disc};
}

struct pv_sector pv_sector_drawn(const struct pv_sector *sector)
{
    struct pv_sector drawn = *sector;
    double length = (sector->to - sector->from) * full_turn * sector->outer;
    double gap = fmin(1, length / 4) / full_turn / sector->outer;
    if (sector->to - sector->from < 1)
        drawn.to -= gap;
    drawn.outer -= 1;
    return drawn;
}

static void add_point(struct pv_step *step, enum pv_verb verb, double angle, double radius,
                      const double centre[2])
{
    *step = (struct pv_step){
        .verb = verb, .x = centre[0] + radius * sin(angle), .y = centre[1] - radius * cos(angle)};
}

/* Along a circle from where the path is. */
static size_t add_arc(struct pv_step *steps, double from, double to, double radius,
                      const double centre[2])
{
    size_t count = (size_t)ceil(fabs(to - from) * 8 / full_turn);
    double part = (to - from) / (double)(count ? count : 1), pull = radius * 4 / 3 * tan(part / 4);
    for (size_t i = 0; i < count; i++) {
        double a = from + part * (double)i, b = a + part;
        add_point(&steps[i], PV_CURVE, b, radius, centre);
        steps[i].x1 = centre[0] + radius * sin(a) + pull * cos(a);
        steps[i].y1 = centre[1] - radius * cos(a) + pull * sin(a);
        steps[i].x2 = steps[i].x - pull * cos(b);
        steps[i].y2 = steps[i].y - pull * sin(b);
    }
    return count;
}

size_t pv_sector_path(struct pv_step steps[PV_SECTOR_STEPS], const struct pv_sector *sector,
                      double x, double y)
{
    const double centre[2] = {x, y};
    double from = sector->from * full_turn, to = sector->to * full_turn;
    bool is_all = sector->to - sector->from >= 1;
    size_t count = 0;
    add_point(&steps[count++], PV_MOVE, from, sector->outer, centre);
    count += add_arc(steps + count, from, to, sector->outer, centre);
    if (is_all)
        steps[count++] = (struct pv_step){.verb = PV_CLOSE};
    if (sector->inner > 0 || !is_all) {
        add_point(&steps[count++], is_all ? PV_MOVE : PV_LINE, to, sector->inner, centre);
        count += add_arc(steps + count, to, from, sector->inner, centre);
        steps[count++] = (struct pv_step){.verb = PV_CLOSE};
    }
    return count;
}

static struct pv_sector_room room_at(const struct pv_sector *sector, double radius, double turn,
                                     double width)
{
    double angle = (sector->from + sector->to) / 2 * full_turn;
    return (struct pv_sector_room){
        .x = radius * sin(angle), .y = -radius * cos(angle), .turn = turn, .width = width};
}

struct pv_sector_room pv_sector_along(const struct pv_sector *sector, double height)
{
    double middle = (sector->inner + sector->outer) / 2, half = height / 2;
    double side = (sector->to - sector->from) / 2 * full_turn;
    if (sector->inner <= 0) /* the disc */
        return room_at(sector, 0, 0, 2 * sqrt(fmax(pow(sector->outer, 2) - half * half, 0)));
    if (middle + half > sector->outer)
        return (struct pv_sector_room){0};
    /* The corners lie within the outer circle and between the sides. */
    double reach = sqrt(pow(sector->outer, 2) - pow(middle + half, 2));
    if (side < full_turn / 4)
        reach = fmin(reach, (middle - half) * tan(side));
    double turn = fmod((sector->from + sector->to) / 2, 1) * 360;
    turn -= turn >= 270 ? 360 : turn > 90 ? 180 : 0;
    return room_at(sector, middle, turn, 2 * reach);
}

struct pv_sector_room pv_sector_outwards(const struct pv_sector *sector, double height)
{
    double side = (sector->to - sector->from) / 2 * full_turn, half = height / 2;
    double from = sector->inner;
    if (side < full_turn / 4)
        from = fmax(from, half / tan(side));
    double to = sqrt(fmax(pow(sector->outer, 2) - half * half, 0));
    if (sector->inner <= 0 || to <= from)
        return (struct pv_sector_room){0};
    double turn = fmod((sector->from + sector->to) / 2, 1) * 360;
    return room_at(sector, (from + to) / 2, turn < 180 ? turn - 90 : turn - 270, to - from);
}
