#include <linux/types.h>
// linux/types.h first

#include <bpf/libbpf.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "sources/ebpf/collector_object.h"
#include "sources/ebpf/strategy.h"

namespace socktap::sources::ebpf {
namespace {

using Names = std::set<std::string>;

std::unique_ptr<CollectorObject> open(bool older) {
  LIBBPF_OPTS(bpf_object_open_opts, options);
  return open_collectors(older, options);
}

Names programs_of(const bpf_object* object) {
  Names names;
  for (bpf_program* program = nullptr;
       (program = bpf_object__next_program(object, program)) != nullptr;)
    names.insert(bpf_program__name(program));
  return names;
}

Names maps_of(const bpf_object* object) {
  Names names;
  for (bpf_map* map = nullptr; (map = bpf_object__next_map(object, map)) != nullptr;) {
    const std::string name = bpf_map__name(map);
    if (name.find('.') == std::string::npos) names.insert(name);  // of variables
  }
  return names;
}

TEST(CollectorObject, TheUsualOneHasThePrograms) {
  const auto object = open(false);
  ASSERT_TRUE(object);
  const Names programs = programs_of(object->get());
  for (const Strategy& strategy : strategies())
    for (const auto names : {strategy.programs, strategy.optional, strategy.twins, strategy.spare})
      for (const std::string_view name : names)
        EXPECT_TRUE(programs.contains(std::string(name))) << strategy.name << ": " << name;
}

TEST(CollectorObject, TheOlderOneHasAllProgramsOfAStrategyOrNoneThatMustLoad) {
  const auto object = open(true);
  ASSERT_TRUE(object);
  const Names programs = programs_of(object->get());
  int offered = 0;
  for (const Strategy& strategy : strategies()) {
    const auto has = [&programs](std::string_view name) {
      return programs.contains(std::string(name));
    };
    if (!std::ranges::all_of(strategy.programs, has)) continue;
    ++offered;
    for (const auto names : {strategy.optional, strategy.twins, strategy.spare})
      for (const std::string_view name : names) EXPECT_TRUE(has(name)) << strategy.name << name;
  }
  EXPECT_GT(offered, 15);
}

TEST(CollectorObject, BothHaveTheSameMapsAndVariables) {
  const auto usual = open(false);
  const auto older = open(true);
  ASSERT_TRUE(usual && older);
  EXPECT_EQ(maps_of(usual->get()), maps_of(older->get()));
  for (const auto* object : {usual.get(), older.get()}) {
    EXPECT_NE(object->variables().settings, nullptr);
    EXPECT_EQ(*object->variables().stage, SOCKTAP_STAGE_OFF);
  }
}

}  // namespace
}  // namespace socktap::sources::ebpf
