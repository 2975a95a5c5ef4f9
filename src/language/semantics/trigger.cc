#include "language/semantics/trigger.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace socktap::language::semantics {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t tick = second / 1000;  // one jiffy: HZ() is 1000

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};
// What 4.8 allows: high-resolution timers from 100 us to a day, jiffies up to a million.
constexpr std::int64_t shortest = 100'000;
constexpr std::int64_t longest = 86'400 * second;
constexpr std::int64_t most_jiffies = 1'000'000;

constexpr std::array units{
    Unit{"s", second},       Unit{"sec", second}, Unit{"ms", 1'000'000},
    Unit{"msec", 1'000'000}, Unit{"us", 1'000},   Unit{"usec", 1'000},
    Unit{"ns", 1},           Unit{"nsec", 1},     Unit{"jiffies", tick},
};

constexpr std::array<std::string_view, 5> plain_names{"begin", "end", "error", "never",
                                                      "timer.profile"};
constexpr std::array<std::string_view, 9> all_names{"begin",    "end",      "error",
                                                    "never",    "timer.s",  "timer.ms",
                                                    "timer.us", "timer.hz", "timer.profile"};

BadPoint bad(Reporter& reporter, Span span, std::string message, std::string hint = {}) {
  reporter.error("bad-probe-point-argument", span, std::move(message), std::move(hint));
  return {};
}

TriggerResult lifecycle(Components components, Reporter& reporter) {
  const ast::PointComponent& first = *components[0];
  const bool known = first.name == "begin" || first.name == "end" || first.name == "error";
  if (components.size() != 1 || (!known && first.name != "never")) return NoSuchPoint{};
  std::int64_t order = 0;
  if (first.argument) {
    const auto value = literal_number(first.argument.get());
    if (!known) return bad(reporter, first.span, "`never` takes no argument");
    if (!value)
      return bad(reporter, first.argument->span,
                 fmt::format("the order of `{}` must be a number literal", first.name));
    order = *value;
  }
  if (first.name == "begin") return Trigger(Begin{order});
  if (first.name == "end") return Trigger(End{order});
  if (first.name == "error") return Trigger(OnError{order});
  return Trigger(Never{});
}

// The argument of `timer.s(5)`; reports if there is none that counts.
std::optional<std::int64_t> period(const ast::PointComponent& component, std::int64_t least,
                                   std::int64_t most, Reporter& reporter) {
  if (!component.argument) {
    bad(reporter, component.span, fmt::format("`{}` needs a number in parentheses", component.name),
        fmt::format("for example timer.{}(1)", component.name));
    return std::nullopt;
  }
  const auto value = literal_number(component.argument.get());
  if (!value) {
    bad(reporter, component.argument->span, "a timer's interval must be a number literal");
    return std::nullopt;
  }
  if (*value < least || *value > most) {
    bad(reporter, component.argument->span,
        fmt::format("`{}` of a timer must be from {} to {}", component.name, least, most));
    return std::nullopt;
  }
  return value;
}

// `.hz(n)`
TriggerResult frequency(const ast::PointComponent& component, Reporter& reporter) {
  const auto times = period(component, 1, second / shortest, reporter);
  if (!times) return BadPoint{};
  return Trigger(Timer{second / *times});
}

// timer.profile, with `.percpu` and the like; timer.profile.freq.hz(n).
TriggerResult profile(Components rest, Reporter& reporter) {
  if (rest.size() == 2 && rest[0]->name == "freq" && !rest[0]->argument && rest[1]->name == "hz")
    return frequency(*rest[1], reporter);
  for (const ast::PointComponent* component : rest) {
    if (component->name != "tick" && component->name != "percpu") return NoSuchPoint{};
    if (component->argument)
      return bad(reporter, component->span, "timer.profile takes no argument");
  }
  return Trigger(Timer{tick});
}

TriggerResult interval(Components components, std::int64_t unit, Reporter& reporter) {
  const bool randomized = components.size() == 3 && components[2]->name == "randomize";
  if (components.size() > 3 || (components.size() == 3 && !randomized)) return NoSuchPoint{};
  const std::int64_t least = std::max<std::int64_t>(1, shortest / unit);
  const std::int64_t most = components[1]->name == "jiffies" ? most_jiffies : longest / unit;
  const auto length = period(*components[1], least, most, reporter);
  if (!length) return BadPoint{};
  if (!randomized) return Trigger(Timer{*length * unit});
  const auto spread = period(*components[2], 0, *length, reporter);
  if (!spread) return BadPoint{};
  return Trigger(Timer{*length * unit, *spread * unit});
}

TriggerResult timer(Components components, Reporter& reporter) {
  if (components.size() < 2 || components[0]->argument) return NoSuchPoint{};
  const std::string& kind = components[1]->name;
  if (kind == "profile") {
    if (components[1]->argument)
      return bad(reporter, components[1]->span, "timer.profile takes no argument");
    return profile(components.subspan(2), reporter);
  }
  if (kind == "hz") {
    if (components.size() != 2) return NoSuchPoint{};
    return frequency(*components[1], reporter);
  }
  const auto* unit = std::ranges::find(units, kind, &Unit::name);
  if (unit == units.end()) return NoSuchPoint{};
  return interval(components, unit->nanoseconds, reporter);
}

}  // namespace

TriggerResult resolve_own_point(Components components, Reporter& reporter) {
  if (components.empty()) return NoSuchPoint{};
  return components[0]->name == "timer" ? timer(components, reporter)
                                        : lifecycle(components, reporter);
}

std::span<const std::string_view> own_points_without_argument() { return plain_names; }
std::span<const std::string_view> own_points() { return all_names; }

}  // namespace socktap::language::semantics
