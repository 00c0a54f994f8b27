#ifndef PV_MODEL_NAMES_H
#define PV_MODEL_NAMES_H

#include "model/profile.h"

/* What a frame's name consists of, whatever language it comes from. */

/* The parts of a frame's name, raw bytes inside the profile's strings: "std::map<int>" + "find" +
 * "(int const&)" (a return type is left out), or "…/app/views.py" + "render" + "". `module` may be
 * empty; `joint` stands between module and function ("::", ".", ":", "/", "#", "`"). Names such as
 * "render (app/views.py)" split the same way. */
struct pv_name_parts {
    struct pv_text module, joint, function, arguments;
};
void pv_name_split(struct pv_name_parts *out, const struct pv_profile *profile, uint32_t frame);

/* The part of a path that may be shown: what follows site-packages, dist-packages, lib/pythonX.Y
 * or node_modules; the whole of a relative path; the last three components of an absolute one. A
 * slice of the path. */
struct pv_text pv_name_path(struct pv_text path);

/* The part of a path behind its last slash. */
struct pv_text pv_name_base(struct pv_text path);

/* The module that a frame belongs to, by which it gets its hue, never an absolute path: the first
 * component after site-packages, dist-packages, lib/pythonX.Y or node_modules; else the object's or
 * file's base name; else the name up to its last "::", "." or "/". A slice of the profile's
 * strings; empty where nothing can be told. */
struct pv_text pv_module_key(const struct pv_profile *profile, uint32_t frame);

/* "ext4" of "ext4_file_read", "PyObject" of "_PyObject_Call", else the whole name: what stands for
 * a module where names have none. */
struct pv_text pv_name_prefix(struct pv_text name);

#endif
