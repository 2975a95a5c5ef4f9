// What a command has found out, as records for machines: a type, and data under names.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"
#include "event/loss.h"

namespace socktap::cli {

// Data is an object of texts, numbers and truths, of lists of texts or objects, and of objects.
struct DataRecord {
  std::string_view type;
  nlohmann::ordered_json data;
};
using DataRecords = std::vector<DataRecord>;
using Columns = std::span<const std::string_view>;

// An object a line.
std::string as_json_lines(const DataRecords& records);

// A row each: its type, then of its data what the columns name. A list's parts stand between "; ",
// an object's are "name:value" with a space between; a list of objects is JSON.
std::string csv_header(Columns columns);
std::string as_csv_rows(const DataRecords& records, Columns columns);

// As JSON or CSV, with its header.
std::string for_machines(const DataRecords& records, Columns columns, Format format);

// Counts by the power of two that values begin at (-1: zeros), as {"min", "max", "count"} each.
nlohmann::ordered_json buckets(const std::map<int, std::uint64_t>& counts);

// One for each kind of loss that happened.
void add_losses(const Losses& losses, DataRecords& records);

}  // namespace socktap::cli
