// What can be told of every event, wherever it is from: when it was, and whose.
#pragma once

#include "tapset/field.h"

namespace socktap::tapset {

inline constexpr FieldSet fields_of_every_event{Field::time, Field::task, Field::parent,
                                                Field::uid,  Field::euid, Field::gid,
                                                Field::egid, Field::comm, Field::cpu};

}  // namespace socktap::tapset
