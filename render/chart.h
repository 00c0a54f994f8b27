#ifndef PV_RENDER_CHART_H
#define PV_RENDER_CHART_H

#include "render/renderer.h"

/* Flame chart: the calls of a trace where they were in time, a tower for each thread, callers above
 * what they call, gaps where nothing was open. */
extern const struct pv_renderer pv_view_chart;

#endif
