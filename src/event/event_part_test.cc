#include "event/event_part.h"

#include <gtest/gtest.h>

namespace socktap {
namespace {

// A part of the event depends on nothing else, and what it depends on is captured.
TEST(EventPart, IsWhatItsFunctionSaysItNeeds) {
  int parts = 0;
  for (const tapset::FunctionRow& row : tapset::functions()) {
    const auto part = part_of(row.id);
    if (!part) continue;
    ++parts;
    EXPECT_EQ(row.max_arguments(), 0U) << row.name;
    tapset::FieldSet found;
    for (int i = 0; i < tapset::field_count; ++i) {
      const auto field = static_cast<tapset::Field>(i);
      const auto* layout = std::get_if<FieldLayout>(&*part);
      const std::uint16_t offset = layout != nullptr ? layout->offset : offsetof(Event, time);
      const bool is_thread = offset == tid_layout.offset && field == tapset::Field::task;
      if (layout_of(field).offset == offset || is_thread) found.insert(field);
    }
    EXPECT_EQ(found, row.needs) << row.name;
  }
  EXPECT_GT(parts, 25);
}

}  // namespace
}  // namespace socktap
