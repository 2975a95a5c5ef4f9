// Results as tables, for people and for docs/performance.md, and as JSON.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "compare/results.h"

namespace socktap::bench {

struct Table {
  std::string name;  // of its place in the page
  std::string title;
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

// A sentence on when, where and with what it was measured; then the tables: targets, sections,
// commands, starts.
std::string circumstances(const Results& results);
std::vector<Table> tables_of(const Results& results);

std::string as_text(const Table& table);  // in columns
std::string as_markdown(const Table& table);
std::string as_json(const Results& results);

// The page with each place "<!-- bench NAME -->" ... "<!-- end -->" filled anew; "machine" is the
// circumstances' place, the others are the tables'. Places of what was not measured stay.
std::string fill_page(const std::string& page, const Results& results);

}  // namespace socktap::bench
