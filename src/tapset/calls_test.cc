#include "tapset/calls.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "tapset/catalogue.h"

namespace socktap::tapset {
namespace {

bool is_number(const CallVariable& variable) {
  return variable.rendering == Rendering::number ||
         variable.rendering == Rendering::int32_in_memory ||
         variable.rendering == Rendering::word_in_memory;
}

// What is printed: the variable itself where it only names it.
const CallVariable& printed(const Call& call, const Printed& what) {
  const CallVariable* const named =
      what.what.name == Variable::none ? nullptr : call.find(what.what.name);
  return named == nullptr ? what.what : *named;
}

std::string conversions_of(std::string_view format) {
  std::string conversions;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (format[++i] == '#') ++i;
    conversions += format[i];
  }
  return conversions;
}

std::string label(const Call& call) {
  return std::string(call.point) + " (" + std::string(call.shown_name()) + ")";
}

TEST(Calls, FormsOfAPointFollowEachOther) {
  std::set<std::string_view> seen;
  std::string_view last;
  for (const Call& call : calls()) {
    if (call.point != last) {
      EXPECT_TRUE(seen.insert(call.point).second) << call.point;
      EXPECT_EQ(calls_of(call.point).data(), &call);
    }
    last = call.point;
  }
  EXPECT_GT(seen.size(), 350u);
  EXPECT_TRUE(calls_of("no_such_call").empty());
  EXPECT_EQ(calls_of("eventfd").size(), 2u);
}

// What a task calls is one form of one point, so that its number tells which.
TEST(Calls, KernelNamesBelongToOneForm) {
  std::map<std::string_view, std::string> native;
  std::map<std::string_view, std::string> compat;
  std::map<int, std::string> socketcalls;
  for (const Call& call : calls()) {
    for (const std::string_view name : call.native) {
      EXPECT_TRUE(native.emplace(name, label(call)).second)
          << name << " of " << label(call) << " and " << native[name];
    }
    for (const std::string_view name : call.compat) {
      EXPECT_TRUE(compat.emplace(name, label(call)).second)
          << name << " of " << label(call) << " and " << compat[name];
    }
    if (call.socketcall != 0) {
      EXPECT_TRUE(socketcalls.emplace(call.socketcall, label(call)).second) << label(call);
    }
    EXPECT_FALSE(call.native.empty() && call.compat.empty() && call.socketcall == 0)
        << label(call) << " is never called";
  }
  EXPECT_EQ(socketcalls.size(), 20u);
}

TEST(Calls, NamesHaveOneType) {
  for (const Call& call : calls()) {
    std::set<Variable> seen;
    for (const CallVariable& variable : call.variables) {
      ASSERT_NE(variable.name, Variable::none) << label(call);
      const VariableRow& row = tapset::row(variable.name);
      EXPECT_EQ(row.type, is_number(variable) ? Type::number : Type::string)
          << label(call) << " " << row.name;
      EXPECT_TRUE(seen.insert(variable.name).second) << label(call) << " has two " << row.name;
    }
  }
}

TEST(Calls, FormsOfAPointHaveTheSameVariables) {
  for (const Call& call : calls()) {
    for (const CallVariable& variable : calls_of(call.point).front().variables) {
      EXPECT_NE(call.find(variable.name), nullptr)
          << label(call) << " lacks " << row(variable.name).name;
    }
  }
}

// Of call_variables.def; the catalogue's own are tested with it.
TEST(Calls, EveryVariableIsSomeCalls) {
  VariableSet used{Variable::argstr, Variable::retval, Variable::retstr};
  for (const Call& call : calls()) {
    for (const CallVariable& variable : call.variables) used.insert(variable.name);
  }
  constexpr Variable of_calls[] = {
#define SOCKTAP_VARIABLE(name, type, help) Variable::name,
#include "tapset/call_variables.def"
#undef SOCKTAP_VARIABLE
  };
  for (const Variable variable : of_calls)
    EXPECT_TRUE(used.contains(variable)) << row(variable).name;
}

TEST(Calls, ArgumentsAndCapturesExist) {
  for (const Call& call : calls()) {
    std::vector<CallVariable> all(call.variables.begin(), call.variables.end());
    for (const Printed& what : call.prints) all.push_back(printed(call, what));
    for (const CallVariable& variable : all) {
      const bool is_offset = variable.capture != CallVariable::not_captured;
      if (!is_offset) {
        EXPECT_LT(variable.argument + (variable.width == Width::pair ? 1 : 0), 6) << label(call);
      } else {
        ASSERT_LT(variable.capture, 2) << label(call);
        EXPECT_NE(call.captures[variable.capture].how, Capture::How::nothing) << label(call);
      }
      for (const Variable other : {variable.of, variable.with}) {
        if (other == Variable::none) continue;
        ASSERT_NE(call.find(other), nullptr) << label(call) << " lacks " << row(other).name;
        EXPECT_TRUE(is_number(*call.find(other))) << label(call) << " " << row(other).name;
      }
    }
  }
}

TEST(Calls, CapturesFit) {
  for (const Call& call : calls()) {
    for (std::size_t i = 0; i < call.captures.size(); ++i) {
      const Capture& capture = call.captures[i];
      EXPECT_LT(capture.argument, 6) << label(call);
      if (capture.how == Capture::How::bytes) {
        EXPECT_LT(capture.count, 6) << label(call);
      }
      if (capture.how == Capture::How::fixed) {
        EXPECT_GT(capture.count, 0) << label(call);
        EXPECT_LE(capture.count, capture_sizes[i]) << label(call);
      }
      if (capture.how == Capture::How::strings) {
        EXPECT_EQ(i, 0u) << label(call);
      }
    }
  }
}

TEST(Calls, ArgstrPrintsWhatTheCallHas) {
  for (const Call& call : calls()) {
    const std::string conversions = conversions_of(call.argstr);
    ASSERT_EQ(conversions.size(), call.prints.size()) << label(call);
    for (std::size_t i = 0; i < conversions.size(); ++i) {
      const Printed& what = call.prints[i];
      if (what.what.name != Variable::none) {
        ASSERT_NE(call.find(what.what.name), nullptr)
            << label(call) << " lacks " << row(what.what.name).name;
      }
      EXPECT_EQ(conversions[i] != 's', is_number(printed(call, what)))
          << label(call) << " conversion " << i;
      EXPECT_NE(std::string("sduxop").find(conversions[i]), std::string::npos) << label(call);
    }
  }
}

TEST(Calls, OnlyTheEndOfATaskDoesNotReturn) {
  std::set<std::string_view> endless;
  for (const Call& call : calls()) {
    if (!call.returns) endless.insert(call.point);
  }
  EXPECT_EQ(endless, (std::set<std::string_view>{"exit", "exit_group"}));
}

TEST(Calls, OursAreNoneOfSystemTaps) {
  EXPECT_FALSE(calls_of("openat2").front().of_systemtap);
  EXPECT_FALSE(calls_of("io_uring_enter").front().of_systemtap);
  EXPECT_TRUE(calls_of("openat").front().of_systemtap);
}

}  // namespace
}  // namespace socktap::tapset
