// form-js speaks English; these are its sentences in Chinese. A sentence that is missing here stays English.
import flatpickr from "flatpickr";
import { Mandarin } from "flatpickr/dist/esm/l10n/zh.js";

const SENTENCES = {
  "Add new": "添加一行",
  "All values selected": "已全部选择",
  "Click to remove sorting": "取消排序",
  "Click to sort by {value} ascending": "按{value}升序排列",
  "Click to sort by {value} descending": "按{value}降序排列",
  Collapse: "收起",
  "Date and time must both be entered.": "请同时填写日期和时间。",
  Decrement: "减少",
  "Expand all ({value})": "展开全部（{value}）",
  "Field is required.": "此项必填。",
  "Field must be a valid email.": "请填写正确的电子邮箱。",
  "Field must be a valid international phone number. (e.g. +4930664040900)": "请填写正确的电话号码（带国际区号）。",
  "Field must have maximum length of {value}.": "最多填写 {value} 个字。",
  "Field must have maximum value of {value}.": "不能大于 {value}。",
  "Field must have minimum length of {value}.": "至少填写 {value} 个字。",
  "Field must have minimum value of {value}.": "不能小于 {value}。",
  "Field must match pattern {value}.": "填写的格式不正确。",
  Increment: "增加",
  "Next page": "下一页",
  "No content to show.": "没有内容。",
  "No files selected": "未选择文件",
  Browse: "选择文件",
  "No results": "没有匹配的选项",
  "Nothing to show.": "没有内容。",
  "Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.":
    "请填写有效的数值，最接近的是 {previousValue} 和 {nextValue}。",
  "Previous page": "上一页",
  "Remove tag": "移除",
  Search: "搜索",
  Select: "请选择",
  "Remove list item": "删除第 {number} 行",
  "Skip to search": "跳到搜索",
  "Value is expected to be an integer.": "请填写整数。",
  "Value is expected to have at most 1 decimal digit.": "最多保留 1 位小数。",
  "Value is expected to have at most {value} decimal digits.": "最多保留 {value} 位小数。",
  "Value is not a number.": "请填写数字。",
  "{page} of {total}": "第 {page} 页，共 {total} 页",
  "{value} files selected": "已选择 {value} 个文件",
};

/** Parts whose words form-js writes without asking for a translation. */
const UNTRANSLATED = ".fjs-filepicker-button, .fjs-select-placeholder, .fjs-dropdownlist-empty";

/** Puts those words, the placeholder of a search and the names of buttons into Chinese whenever they are drawn. */
export function translatePlaceholders(root, language) {
  if (!language.startsWith("zh")) return;
  const translate = () => {
    for (const input of root.querySelectorAll('input[placeholder="Search"]')) input.placeholder = SENTENCES.Search;
    for (const input of root.querySelectorAll('input[placeholder*="yyyy"]')) input.placeholder = "年/月/日";
    for (const part of root.querySelectorAll(UNTRANSLATED)) {
      const text = part.firstChild;
      if (text?.nodeType === Node.TEXT_NODE && SENTENCES[text.data]) text.data = SENTENCES[text.data];
    }
    for (const button of root.querySelectorAll('[aria-label^="Remove list item"]')) {
      const number = button.getAttribute("aria-label").match(/\d+$/)[0];
      button.setAttribute("aria-label", SENTENCES["Remove list item"].replace("{number}", number));
    }
  };
  new MutationObserver(translate).observe(root, { childList: true, subtree: true });
  translate();
}

/** The months and days of the calendar in which a date is chosen. */
export function speakInCalendars(language) {
  if (language.startsWith("zh")) flatpickr.localize(Mandarin);
}

/** The module that form-js takes in place of its own `translate`. */
export function translateModule(language) {
  const translate = (sentence, replacements = {}) => {
    const words = (language.startsWith("zh") && SENTENCES[sentence]) || sentence;
    return words.replace(/{([^}]+)}/g, (whole, key) => replacements[key] ?? whole);
  };
  return { translate: ["value", translate] };
}
