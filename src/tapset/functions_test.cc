#include "tapset/functions.h"

#include <gtest/gtest.h>

#include <set>

namespace socktap::tapset {
namespace {

TEST(Functions, RowsStandWhereTheirIdSays) {
  std::size_t index = 0;
  std::set<std::string_view> names;
  for (const FunctionRow& function : functions()) {
    EXPECT_EQ(static_cast<std::size_t>(function.id), index++) << function.name;
    EXPECT_TRUE(names.insert(function.name).second) << function.name << " stands twice";
    EXPECT_FALSE(function.help.empty()) << function.name;
    EXPECT_EQ(function.parameters.find_first_not_of("ns|"), std::string_view::npos);
  }
}

TEST(Functions, ArgumentsAfterTheBarMayBeLeftOut) {
  const FunctionRow* ctime = find_function("ctime");
  ASSERT_NE(ctime, nullptr);
  EXPECT_EQ(ctime->min_arguments(), 0u);
  EXPECT_EQ(ctime->max_arguments(), 1u);
  EXPECT_EQ(ctime->parameter(0), Type::number);
  const FunctionRow* tokenize = find_function("tokenize");
  EXPECT_EQ(tokenize->min_arguments(), 1u);
  EXPECT_EQ(tokenize->max_arguments(), 2u);
  EXPECT_EQ(tokenize->parameter(0), Type::string);
  EXPECT_EQ(tokenize->parameter(1), Type::string);
  const FunctionRow* substr = find_function("substr");
  EXPECT_EQ(substr->min_arguments(), 3u);
  EXPECT_EQ(substr->parameter(0), Type::string);
  EXPECT_EQ(substr->parameter(2), Type::number);
}

TEST(Functions, UnknownNamesAreNotFound) {
  EXPECT_EQ(find_function("kernel_long"), nullptr);
  EXPECT_EQ(find_function(""), nullptr);
}

TEST(Functions, BelongToTheGroupThatTheyFollow) {
  EXPECT_EQ(group_of(functions().front().id), "Context of the event");
  EXPECT_EQ(group_of(Function::strlen), "Strings");
  EXPECT_EQ(group_of(Function::ansi_new_line), "Errors and output");
}

}  // namespace
}  // namespace socktap::tapset
