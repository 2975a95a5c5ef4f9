#include "cli/explanation_records.h"

#include "cli/data_records.h"

namespace socktap::cli {
namespace {

using Json = nlohmann::ordered_json;

DataRecord record_of(const plan::HandlerExplanation& handler) {
  Json data = {{"points", handler.points},
               {"place", handler.place},
               {"runs", handler.in_kernel ? "kernel" : "user"}};
  if (!handler.has_events) {
    data["finds_merged"] = handler.finds_merged;
  } else if (handler.in_kernel) {
    data["kept"] = handler.kept;
    data["kept_by_thread"] = handler.thread_arrays;
  } else {
    data["conditions"] = handler.conditions;
    data["fields"] = handler.fields;
    Json& reasons = data["reasons"] = Json::array();
    for (const plan::Reason& reason : handler.reasons)
      reasons.push_back({{"reason", reason.text}, {"place", reason.place}});
  }
  return {"handler", std::move(data)};
}

}  // namespace

std::string explanation_for_machines(const std::vector<plan::HandlerExplanation>& handlers,
                                     Format format) {
  constexpr std::string_view columns[] = {"points",       "place",  "runs",
                                          "finds_merged", "kept",   "kept_by_thread",
                                          "conditions",   "fields", "reasons"};
  DataRecords records;
  for (const plan::HandlerExplanation& handler : handlers) records.push_back(record_of(handler));
  return for_machines(records, columns, format);
}

}  // namespace socktap::cli
