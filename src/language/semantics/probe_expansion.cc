#include "language/semantics/probe_expansion.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "language/semantics/point_index.h"
#include "language/semantics/prelude.h"
#include "language/semantics/refusals.h"
#include "language/semantics/trigger.h"

namespace socktap::language::semantics {
namespace {

// Of a whole script, because aliases of aliases multiply: points, and names that are looked at to
// find them. Aliases that lead nowhere multiply just the same, and wildcards are many names each.
constexpr std::size_t most_points = 20'000;
constexpr std::size_t most_names = 10'000'000;
constexpr std::size_t names_of_a_look_up = 50;  // what it costs besides
constexpr std::size_t deepest_alias = 100;

// The way from the probe to a point: what was collected on it, outermost first.
struct Way {
  std::string name;  // what the probe names, wildcards resolved
  std::vector<const ast::Alias*> aliases;
  std::vector<const ast::Expr*> conditions;
};

struct Found {
  std::optional<Point> point;  // none: the way leads to a point that is none, as was reported
  Way way;
};

class Expansion {
 public:
  Expansion(const PointIndex& index, Reporter& reporter) : index_(index), reporter_(reporter) {}

  std::vector<Found> expand(const std::vector<ast::Point>& points) {
    found_.clear();
    Way way;
    if (!stopped_) expand_list(points, {}, way, false);
    if (stopped_) found_.push_back({std::nullopt, {}});
    return std::move(found_);  // the next call starts with an empty one
  }

 private:
  bool expand_list(const std::vector<ast::Point>& points, Components suffix, Way& way,
                   bool optional);
  bool expand_point(const ast::Point& point, Components suffix, Way& way, bool optional);
  bool expand_name(Components components, Span span, Way& way, bool optional);
  bool expand_aliases(const PointIndex::Entry& entry, Components suffix, Span span, Way& way,
                      bool optional);
  std::vector<const PointIndex::Entry*> find(Components components, Span span);
  bool expand_with_suffix(Components components, Span span, Way& way, bool optional);
  bool add_entry(const PointIndex::Entry& entry, Span span, Way& way, bool optional);
  bool stop(Span span, std::string message);
  bool add(Trigger trigger, std::string text, Span span, const Way& way);
  bool add_unknown(Span span, const Way& way);
  bool add(std::optional<Point> point, Span span, const Way& way);
  void report_unknown(Components components, Span span);
  std::string unknown_hint(const std::string& name, std::string_view family) const;

  const PointIndex& index_;
  Reporter& reporter_;
  std::vector<Found> found_;
  Span outermost_;  // the point of the probe, while aliases are followed
  std::size_t points_ = 0, names_ = 0;
  bool stopped_ = false;  // the script has asked for too much: nothing is expanded any more
};

// True: what would be found if it went on is not known.
bool Expansion::stop(Span span, std::string message) {
  if (!stopped_) reporter_.error("too-many-probe-points", span, std::move(message));
  return stopped_ = true;
}

bool Expansion::add(std::optional<Point> point, Span span, const Way& way) {
  if (points_ == most_points)
    return stop(span, fmt::format("the script has more than {} probe points", most_points));
  ++points_;
  found_.push_back({std::move(point), way});
  return true;
}

bool Expansion::add(Trigger trigger, std::string text, Span span, const Way& way) {
  std::string name = way.name.empty() ? text : way.name;
  return add(Point{trigger, std::move(text), std::move(name), span}, span, way);
}

bool Expansion::add_unknown(Span span, const Way& way) { return add(std::nullopt, span, way); }

// True if any point was found (or found wrong): what an optional or sufficient point asks.
bool Expansion::expand_list(const std::vector<ast::Point>& points, Components suffix, Way& way,
                            bool optional) {
  bool any = false;
  for (const ast::Point& point : points) {
    if (way.aliases.empty()) outermost_ = point.span;
    const bool found = expand_point(point, suffix, way, optional);
    any = any || found;
    if (found && point.sufficient) break;
    if (stopped_) break;
  }
  return any;
}

bool Expansion::expand_point(const ast::Point& point, Components suffix, Way& way, bool optional) {
  std::vector<const ast::PointComponent*> components;
  for (const ast::PointComponent& component : point.components) components.push_back(&component);
  components.insert(components.end(), suffix.begin(), suffix.end());
  if (point.condition) way.conditions.push_back(point.condition.get());
  const bool found =
      expand_name(components, point.span, way, optional || point.optional || point.sufficient);
  if (point.condition) way.conditions.pop_back();
  return found;
}

bool Expansion::expand_name(Components components, Span span, Way& way, bool optional) {
  bool any = false;
  for (const PointIndex::Entry* entry : find(components, span))
    any = stopped_ || add_entry(*entry, span, way, optional) || any;
  if (any || stopped_) return true;

  const TriggerResult own = resolve_own_point(components, reporter_);
  if (const auto* trigger = std::get_if<Trigger>(&own))
    return add(*trigger, full_text(components), span, way);
  if (std::holds_alternative<BadPoint>(own)) return add_unknown(span, way);

  if (expand_with_suffix(components, span, way, optional) || stopped_) return true;
  if (optional) return false;
  report_unknown(components, span);
  add_unknown(span, way);
  return false;
}

// What the index has; nothing in it takes an argument.
std::vector<const PointIndex::Entry*> Expansion::find(Components components, Span span) {
  const auto has_argument = [](const ast::PointComponent* component) {
    return component->argument != nullptr;
  };
  if (std::ranges::any_of(components, has_argument)) return {};
  const std::string name = dotted(components);
  names_ += index_.compared_with(name) + components.size() + names_of_a_look_up;
  if (names_ <= most_names) return index_.find(name);
  stop(span, "finding the script's probe points takes too long: too many wildcards or aliases");
  return {};
}

// `socket.sendmsg.call`, `socket.sendmsg.return.maxactive(8)`, `myalias.return`.
bool Expansion::expand_with_suffix(Components components, Span span, Way& way, bool optional) {
  const std::string& last = components.back()->name;
  const Components head = components.first(components.size() - 1);
  const auto is_of_kernel = [](const PointIndex::Entry* entry) {
    return entry->point != nullptr || !entry->aliases.empty();
  };
  if ((last == "call" || last == "maxactive") &&
      std::ranges::any_of(find(head, span), is_of_kernel))
    return expand_name(head, span, way, optional);
  for (std::size_t length = head.size(); length > 0 && !stopped_; --length) {
    const Components suffix = components.subspan(length);
    bool any = false;
    for (const PointIndex::Entry* entry : find(components.first(length), span))
      any = stopped_ || expand_aliases(*entry, suffix, span, way, optional) || any;
    if (any) return true;
  }
  return false;
}

bool Expansion::add_entry(const PointIndex::Entry& entry, Span span, Way& way, bool optional) {
  bool any = expand_aliases(entry, {}, span, way, optional);
  if (entry.point != nullptr) return add(entry.point, std::string(entry.name), span, way);
  if (!entry.aliases.empty()) return any;
  if (entry.name == "timer.profile") return any;  // resolved as a point of the run's own
  const ast::PointComponent component{span, std::string(entry.name), nullptr};
  const ast::PointComponent* const components[] = {&component};
  const TriggerResult own = resolve_own_point(components, reporter_);
  if (const auto* trigger = std::get_if<Trigger>(&own))
    return add(*trigger, std::string(entry.name), span, way);
  return any;
}

// What an alias cannot be expanded to has been reported at the alias, unless it is optional.
bool Expansion::expand_aliases(const PointIndex::Entry& entry, Components suffix, Span span,
                               Way& way, bool optional) {
  bool any = false;
  for (const ast::Alias* alias : entry.aliases) {
    if (stopped_) return true;
    if (way.aliases.empty())
      way.name = fmt::format("{}{}{}", entry.name, suffix.empty() ? "" : ".", full_text(suffix));
    const bool is_own = std::ranges::find(way.aliases, alias) != way.aliases.end();
    if (is_own || way.aliases.size() >= deepest_alias) {
      reporter_
          .error("recursive-alias", span,
                 is_own
                     ? fmt::format("the alias `{}` stands for itself", alias->name)
                     : fmt::format("aliases stand for each other more than {} deep", deepest_alias))
          .notes.push_back({alias->span, "it is defined here"});
      any = add_unknown(span, way);
      continue;
    }
    way.aliases.push_back(alias);
    any = expand_list(alias->points, suffix, way, optional) || any || !optional;
    way.aliases.pop_back();
    if (way.aliases.empty()) way.name.clear();
  }
  return any;
}

void Expansion::report_unknown(Components components, Span span) {
  const std::string name = full_text(components);
  const std::string_view family = components[0]->name;
  Diagnostic* error = nullptr;
  if (const Refusal* refusal = find_refused_family(family)) {
    error = &reporter_.error_once("unsupported-probe-point", span,
                                  fmt::format("`{}` is not supported: {}", name, refusal->reason),
                                  std::string(refusal->hint));
  } else {
    error = &reporter_.error_once("unknown-probe-point", span,
                                  has_wildcard(components)
                                      ? fmt::format("no probe point matches `{}`", name)
                                      : fmt::format("unknown probe point `{}`", name),
                                  [&] { return unknown_hint(dotted(components), family); });
  }
  if (!(span == outermost_)) error->notes.push_back({outermost_, "an alias leads there from here"});
}

std::string Expansion::unknown_hint(const std::string& name, std::string_view family) const {
  if (!index_.find(name).empty()) return fmt::format("`{}` takes no argument", name);
  std::string hint = did_you_mean(name, index_.names());
  if (!hint.empty()) return hint;
  if (family == "timer")
    return "timers are timer.s(n), .ms(n), .us(n), .ns(n), .hz(n), .jiffies(n), .profile";
  if (family == "socket") return "`socktap list -l 'socket.**'` shows all of them";
  return "";
}

// The inner aliases' bodies run nearest to the event: an outer alias may use what they have set.
void lay_out_bodies(const std::vector<const ast::Alias*>& aliases, HandlerDraft& draft) {
  for (const ast::Alias* alias : aliases) {
    if (alias->body && alias->epilogue)
      draft.epilogues.push_back(alias->body.get());
    else if (alias->body)
      draft.prologues.insert(draft.prologues.begin(), alias->body.get());
    if (alias->epilogue_body) draft.epilogues.push_back(alias->epilogue_body.get());
  }
}

// A script may offer variants for several systems; one that then sees nothing should know why.
void warn_of_left_out(const std::vector<const ast::Probe*>& probes, Reporter& reporter) {
  for (const ast::Probe* probe : probes)
    reporter.warning("probe-left-out", probe->points.empty() ? probe->span : probe->points[0].span,
                     "none of this probe's optional points is offered: it never runs");
}

}  // namespace

std::vector<HandlerDraft> expand_probes(const ast::Script& script, const Prelude& prelude,
                                        Reporter& reporter) {
  const PointIndex index(script, prelude.oneshot());
  Expansion expansion(index, reporter);
  std::vector<HandlerDraft> handlers;
  std::vector<const ast::Probe*> left_out;
  for (const ast::Probe& probe : script.probes) {
    using Key = std::pair<std::vector<const ast::Alias*>, std::vector<const ast::Expr*>>;
    std::map<Key, std::size_t> groups;
    const std::size_t first = handlers.size();
    bool has_unknown_points = false;
    for (Found& found : expansion.expand(probe.points)) {
      const auto [group, added] =
          groups.try_emplace(Key{found.way.aliases, found.way.conditions}, handlers.size());
      if (added) {
        HandlerDraft& draft = handlers.emplace_back();
        draft.probe = &probe;
        draft.conditions = found.way.conditions;
        lay_out_bodies(found.way.aliases, draft);
      }
      if (found.point)
        handlers[group->second].points.push_back(std::move(*found.point));
      else
        has_unknown_points = true;
    }
    for (std::size_t i = first; i < handlers.size(); ++i)
      handlers[i].has_unknown_points = has_unknown_points;
    if (handlers.size() == first) left_out.push_back(&probe);
  }
  if (!handlers.empty()) warn_of_left_out(left_out, reporter);
  return handlers;
}

}  // namespace socktap::language::semantics
