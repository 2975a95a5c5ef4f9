// The points of system calls, made of the table of calls.
#include <algorithm>
#include <string>
#include <vector>

#include "tapset/bindings.h"
#include "tapset/calls.h"
#include "tapset/points.h"

namespace socktap::tapset {
namespace {

using V = Variable;

constexpr std::array begin_of_any{of(V::syscall_nr, Field::call_number),
                                  of(V::name, CallText::name)};
constexpr std::array return_of_any{of(V::syscall_nr, Field::call_number),
                                   of(V::name, CallText::name), of(V::retval, Field::size)};

// What the points of one call share.
struct Rows {
  std::span<const Call> forms;
  std::vector<Binding> begin, conclusion;
};

Binding name_of_forms(std::span<const Call> forms) {
  const bool same = std::ranges::all_of(
      forms, [&](const Call& form) { return form.shown_name() == forms.front().shown_name(); });
  return same ? of(V::name, PointLabel{}) : of(V::name, CallText::name);
}

// Each variable once, in the order of the first form that has it.
std::vector<Binding> variables_of(std::span<const Call> forms, bool of_manual) {
  std::vector<Binding> bindings;
  VariableSet known;
  for (const Call& form : forms) {
    for (const CallVariable& variable : form.variables) {
      if (known.contains(variable.name)) continue;
      known.insert(variable.name);
      bindings.push_back({variable.name, CallValue{variable.name}, of_manual});
    }
  }
  return bindings;
}

// At the return the arguments are ours: SystemTap has them at the beginning only.
Rows rows_of(std::span<const Call> forms) {
  Rows rows{forms, {}, {}};
  const Binding name = name_of_forms(forms);
  rows.begin = variables_of(forms, /*of_manual=*/true);
  rows.begin.insert(rows.begin.begin(), {name, of(V::argstr, CallText::argstr)});
  rows.conclusion = {name, of(V::retval, Field::size), of(V::retstr, CallText::retstr),
                     ours(V::argstr, CallText::argstr)};
  const std::vector<Binding> more = variables_of(forms, /*of_manual=*/false);
  rows.conclusion.insert(rows.conclusion.end(), more.begin(), more.end());
  return rows;
}

class CallCatalogue {
 public:
  CallCatalogue() {
    const std::span<const Call> all = calls();
    for (std::size_t first = 0; first < all.size();) {
      std::size_t last = first;
      while (last < all.size() && all[last].point == all[first].point) ++last;
      rows_.push_back(rows_of(all.subspan(first, last - first)));
      first = last;
    }
    names_.reserve(4 * rows_.size());
    points_.reserve(4 * rows_.size());
    for (const char* family : {"syscall.", "nd_syscall."})
      for (const Rows& rows : rows_) add(family, rows);
  }

  std::span<const ProbePoint> points() const { return points_; }

 private:
  void add(const std::string& family, const Rows& rows) {
    const Call& call = rows.forms.front();
    add(family + std::string(call.point), call, Phase::begin, rows.begin, rows.forms,
        "the system call begins");
    if (call.returns)
      add(family + std::string(call.point) + ".return", call, Phase::conclusion, rows.conclusion,
          rows.forms, "the system call has returned");
  }

  void add(std::string name, const Call& call, Phase phase, std::span<const Binding> bindings,
           std::span<const Call> forms, std::string_view help) {
    names_.push_back(std::move(name));
    points_.push_back({names_.back(), call.shown_name(), Operation::call, phase, no_path,
                       Transport::any, bindings, help, forms});
  }

  std::vector<Rows> rows_;
  std::vector<std::string> names_;
  std::vector<ProbePoint> points_;
};

}  // namespace

std::span<const ProbePoint> call_points() {
  static const CallCatalogue catalogue;
  return catalogue.points();
}

std::span<const ProbePoint> any_call_points() {
  static const std::array points{
      ProbePoint{"syscall_any", "syscall_any", Operation::call, Phase::begin, no_path,
                 Transport::any, begin_of_any, "any system call begins", calls()},
      ProbePoint{"syscall_any.return", "syscall_any", Operation::call, Phase::conclusion, no_path,
                 Transport::any, return_of_any, "any system call has returned", calls()}};
  return points;
}

}  // namespace socktap::tapset
