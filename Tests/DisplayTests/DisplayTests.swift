import Testing

@testable import Display

@Suite struct LastValueTests {
    private struct Board: Displayable {
        var displayValue: DisplayValue { .markdown("a board") }
    }

    @Test("Text is shown with its quotes, other values by their description, displayable ones as they say")
    func kinds() {
        #expect(EtudeCell.lastValue("5") == .text("\"5\""))
        #expect(EtudeCell.lastValue(Character("x")) == .text("\"x\""))
        #expect(EtudeCell.lastValue([1, 2]) == .text("[1, 2]"))
        #expect(EtudeCell.lastValue(Board()) == .markdown("a board"))
    }

    @Test("A value too long to read is cut, and says how long it is")
    func longValues() {
        guard case .text(let text) = EtudeCell.lastValue(Array(0..<100_000)) else { Issue.record("not text"); return }
        #expect(text.hasPrefix("[0, 1, 2,") && text.utf8.count < 5_200)
        #expect(text.hasSuffix("(cut here: the whole is 688890 bytes long; print it, or show a part of it)"))
    }

    @Test("A table without a face is lines of text, with a mark where rows are left out")
    func plainTables() {
        let table = DisplayedTable(
            columns: [.init(name: "n", type: "Int", alignment: .trailing)], rows: [["1"], [nil]], cutAfter: 1, rowCount: 9, caption: "9 rows")
        #expect(DisplayValue.table(table).plainText == "n\n1\n…\nnil\n9 rows")
    }
}
