using System.Text;
using CsCheck;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Tests.Diagnostics;

public sealed class YamlFileTests
{
    [Theory]
    [InlineData("a: 1\nb: [1\n", "YAML001", 3, 1)]
    [InlineData("a: {b: 1\n\tc: 2\n", "YAML001", 2, 1)]
    [InlineData("a:\n\tb: 2\n", "YAML001", 2, 1)]
    [InlineData("a: b: c\n", "YAML001", 1, 5)]
    [InlineData("- :", "YAML001", 1, 4)]
    [InlineData("!!]", "YAML001", 1, 4)]
    [InlineData("a: b\0\n", "YAML003", 1, 5)]
    [InlineData("\uFEFFa: 1\n", "YAML005", 1, 1)]
    [InlineData("a: 1\n<<<<<<< HEAD\nb: 1\n", "YAML006", 2, 1)]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "YAML007", 1, 1)]
    [InlineData("a: &x 1\n", "YAML008", 1, 4)]
    [InlineData("a: 1\nb: *a\n", "YAML008", 2, 4)]
    [InlineData("a: 1\n<<: {b: 1}\n", "YAML009", 2, 1)]
    [InlineData("a: !!str 1\n", "YAML010", 1, 4)]
    [InlineData("a: !mine x\n", "YAML010", 1, 4)]
    [InlineData("a: 1\n---\nb: 2\n", "YAML011", 2, 1)]
    [InlineData("a: 1\nb:\n  c: 1\n  c: 2\n", "YAML012", 4, 3)]
    [InlineData("? [a, b]\n: 1\n", "YAML016", 1, 3)]
    public void A_thing_that_files_may_not_hold_is_located(string text, string code, int line, int column)
    {
        var read = YamlFile.Read("x.yaml", text);
        Assert.Null(read.Value);
        var error = Assert.Single(read.Diagnostics);
        Assert.Equal((code, line, column), (error.Code, error.Line, error.Column));
    }

    [Fact]
    public void Thirty_two_levels_are_read_and_one_more_is_an_error()
    {
        Assert.NotNull(YamlFile.Read("x.yaml", new string('[', 32) + new string(']', 32)).Value);
        var error = Assert.Single(YamlFile.Read("x.yaml", new string('[', 33) + new string(']', 33)).Diagnostics);
        Assert.Equal("x.yaml:1:33: YAML013 the file is nested too deeply here; allowed: at most 32 levels", error.ToString());
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{")]
    [InlineData("- ")]
    [InlineData("? ")]
    [InlineData("a: {b: ")]
    public void Deep_nesting_ends_in_an_error_and_not_in_a_crash(string opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening, 100_000 / opening.Length));
        Assert.NotEmpty(YamlFile.Read("x.yaml", text).Diagnostics);
    }

    [Fact]
    public void A_file_full_of_conflict_markers_shows_the_first_fifty()
    {
        var text = string.Concat(Enumerable.Repeat("<<<<<<< \n", SourceText.MaxBytes / 9));
        var errors = YamlFile.Read("x.yaml", text).Diagnostics;
        Assert.Equal(Enumerable.Range(1, 50).Append(50), errors.Select(error => error.Line));
        Assert.Equal($"{(SourceText.MaxBytes / 9) - 50} more errors are not shown", errors[^1].Text);
    }

    [Fact]
    public void A_file_over_256_KiB_is_refused()
    {
        var fits = "a: " + new string('x', SourceText.MaxBytes - 3);
        Assert.NotNull(YamlFile.Read("x.yaml", fits).Value);
        Assert.Equal("x.yaml:1:1: YAML002 the file has 262145 bytes; allowed: at most 262144 (256 KiB)", Assert.Single(YamlFile.Read("x.yaml", fits + "x").Diagnostics).ToString());
    }

    [Fact]
    public void All_errors_are_reported_up_to_fifty()
    {
        var text = string.Concat(Enumerable.Repeat("a: 1\n", 60));
        var diagnostics = YamlFile.Read("x.yaml", text).Diagnostics;
        Assert.Equal(51, diagnostics.Length);
        Assert.Equal("x.yaml:51:1: YAML015 9 more errors are not shown", diagnostics[^1].ToString());
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'a', 0 }, "x.yaml:1:1: YAML004 the file is UTF-16; allowed: UTF-8")]
    [InlineData(new byte[] { 0xFE, 0xFF, 0, (byte)'a' }, "x.yaml:1:1: YAML004 the file is UTF-16; allowed: UTF-8")]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', (byte)'b', 0xFF }, "x.yaml:2:2: YAML004 the file is not UTF-8 from here on; allowed: UTF-8")]
    public void Bytes_that_are_not_utf_8_are_located(byte[] bytes, string expected) =>
        Assert.Equal(expected, Assert.Single(SourceText.Decode("x.yaml", bytes).Diagnostics).ToString());

    [Fact]
    public void Utf_16_without_a_mark_is_recognised() =>
        Assert.Equal("YAML004", Assert.Single(YamlFile.Read("x.yaml", Encoding.UTF8.GetString(Encoding.Unicode.GetBytes("a: 1\n"))).Diagnostics).Code);

    [Fact]
    public void No_text_ends_the_reader()
    {
        string[] pieces = ["a", ":", " ", "\n", "- ", "[", "]", "{", "}", "\"", "'", "|", ">", "&", "*", "!", "%", "@", "`", "#", ",", "?", "\t", "\\", "---", "...", "\r", "\u2028", "~", "0"];
        Gen.Int[0, pieces.Length - 1].Select(index => pieces[index]).Array[0, 40].Select(string.Concat).Sample(text =>
        {
            var read = YamlFile.Read("x.yaml", text);
            return read.Value is not null || read.HasErrors;
        }, iter: 100_000);
    }

    [Theory]
    [InlineData("a: b + c\n", 4, 1, 8)]
    [InlineData("a: 'it''s + c'\n", 5, 1, 11)]
    [InlineData("a: \"x\\\"y + c\"\n", 4, 1, 10)]
    [InlineData("a: |\n  first\n  second\n", 6, 3, 3)]
    [InlineData("a: >-\n  first\n  second\n", 8, 3, 5)]
    [InlineData("a: first\n   second\n", 6, 2, 4)]
    public void A_character_of_a_scalar_has_its_place_whatever_the_style(string text, int offset, int line, int column) =>
        Assert.Equal(new Place(line, column), YamlFile.Read("x.yaml", text).Value!.Within(offset, "a"));
}
