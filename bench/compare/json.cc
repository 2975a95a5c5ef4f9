#include <nlohmann/json.hpp>

#include "compare/report.h"
#include "compare/targets.h"

namespace socktap::bench {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const Spread& spread) {
  return {{"median", spread.median}, {"least", spread.least}, {"most", spread.most}};
}

// What an event costs, or why that is not known: false.
template <typename Row>
bool add_costs(ordered_json& json, const Row& one) {
  if (!one.is_measured()) {
    json["not_measured"] = one.refusal;
    return false;
  }
  json["rounds"] = one.rounds;
  json["untraced_ns"] = json_of(one.untraced_ns);
  json["added_ns"] = json_of(one.added_ns);
  return true;
}

ordered_json json_of(const Measured& one) {
  ordered_json json{{"subject", one.subject}, {"work", one.work}};
  if (!one.group.empty()) json["group"] = one.group;
  if (!add_costs(json, one)) return json;
  json["ratio"] = json_of(one.ratio);
  json["own_ns"] = json_of(one.own_ns);
  json["ready_ms"] = json_of(one.ready_ms);
  json["events_per_second"] = one.rate;
  json["peak_mb"] = one.peak_mb;
  json["made"] = one.made;
  if (one.missing) json["missing"] = *one.missing;
  json["reported_lost"] = one.lost;
  return json;
}

ordered_json json_of(const CommandCost& one) {
  ordered_json json{{"subject", one.subject}, {"work", one.work}, {"sockets", one.sockets}};
  if (!add_costs(json, one)) return json;
  json["added_cpu_ns"] = json_of(one.added_cpu_ns);
  if (one.beside_strace) json["beside_strace"] = json_of(*one.beside_strace);
  return json;
}

ordered_json json_of(const Started& one) {
  if (!one.is_measured()) return {{"subject", one.subject}, {"not_measured", one.refusal}};
  return {{"subject", one.subject},
          {"rounds", one.rounds},
          {"clock_ms", json_of(one.clock_ms)},
          {"cpu_ms", json_of(one.cpu_ms)}};
}

ordered_json json_of(const Judgement& one) {
  ordered_json json{{"work", one.work}, {"target", one.target}};
  if (one.measured) {
    json["measured"] = *one.measured;
    json["met"] = one.met;
  } else {
    json["not_measured"] = one.reason;
  }
  return json;
}

template <typename Row>
ordered_json array_of(const std::vector<Row>& rows) {
  ordered_json array = ordered_json::array();
  for (const Row& row : rows) array.push_back(json_of(row));
  return array;
}

}  // namespace

std::string as_json(const Results& results) {
  const Machine& machine = results.machine;
  ordered_json json{{"date", machine.date},
                    {"processor", machine.processor},
                    {"cpus", machine.cpus},
                    {"kernel", machine.kernel},
                    {"distribution", machine.distribution},
                    {"versions", machine.versions},
                    {"seed", results.seed},
                    {"quick", results.quick},
                    {"seconds", results.seconds},
                    {"targets", array_of(judge(results))}};
  for (const SectionResults& section : results.sections)
    json["sections"][section.name] = {{"title", section.title},
                                      {"measured", array_of(section.measured)}};
  json["commands"] = array_of(results.commands);
  json["starts"] = array_of(results.starts);
  return json.dump(1) + "\n";
}

}  // namespace socktap::bench
