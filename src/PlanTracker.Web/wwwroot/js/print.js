// The button that prints a document; without scripts the browser's own menu does.

const chinese = document.documentElement.lang.startsWith("zh");
const button = document.createElement("button");
button.type = "button";
button.className = "btn btn-primary";
button.textContent = chinese ? "打印或存为 PDF" : "Print or save as PDF";
button.addEventListener("click", () => window.print());
document.querySelector(".report .actions").prepend(button);
