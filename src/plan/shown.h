// What is looked at of events that leave the script whole.
#pragma once

#include "tapset/field.h"

namespace socktap::plan {

struct Shown {
  tapset::FieldSet printed = tapset::FieldSet::all();  // by print_event()
  tapset::FieldSet handed = tapset::FieldSet::all();   // to who runs the script
};

}  // namespace socktap::plan
