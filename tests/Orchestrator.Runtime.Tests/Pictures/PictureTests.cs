using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Pictures;

namespace Orchestrator.Runtime.Tests.Pictures;

public sealed class PictureTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    // The bytes of an IEND chunk with its checksum are those of RFC 2083.
    [Fact]
    public void A_png_has_the_parts_that_the_format_asks_for()
    {
        var png = new Scene(3, 2, [new Shape.Box(new(0, 0, 3, 2), Ink.Of(0x102030))]).ToPng();
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        Assert.Equal((6, 4), (BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))));
        Assert.Equal([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82], png[^12..]);
        Assert.Equal((0x10, 0x20, 0x30), Pixel(png, 5, 3));
    }

    [Fact]
    public void A_line_covers_its_width_and_nothing_else()
    {
        var png = new Scene(20, 20, [new Shape.Line([new(2, 10), new(18, 10)], Ink.Of(0), 4)]).ToPng();
        Assert.Equal((0, 0, 0), Pixel(png, 20, 20));
        Assert.Equal((255, 255, 255), Pixel(png, 20, 12));
        Assert.Equal((255, 255, 255), Pixel(png, 20, 28));
    }

    [Fact]
    public void Half_of_an_ink_is_half_of_it()
    {
        var png = new Scene(2, 2, [new Shape.Box(new(0, 0, 2, 2), Ink.Of(0x000000, 0.5))]).ToPng();
        Assert.Equal((128, 128, 128), Pixel(png, 1, 1));
    }

    [Fact]
    public void Words_leave_ink_where_they_stand_whatever_their_letters()
    {
        var words = string.Concat(Enumerable.Range(33, 94).Select(code => (char)code)) + "ü漢";
        var scene = new Scene(1200, 30, [new Shape.Words(new(5, 20), words, Ink.Of(0), 12)]);
        var png = scene.ToPng();
        Assert.Contains(Enumerable.Range(0, 200), x => Pixel(png, 10 + x, 34).Red < 128);
        XDocument.Parse(scene.ToSvg());
    }

    [Fact]
    public void A_rule_is_drawn_with_value_threshold_and_state()
    {
        var points = ImmutableArray.Create<TracePoint>(
            new(At(0), 0.01, 0.05, AlertState.Inactive), new(At(6), 0.2, 0.05, AlertState.Pending), new(At(12), 0.2, 0.05, AlertState.Firing), new(At(18), 0.2, 0.05, AlertState.Firing), new(At(24), 0.01, 0.05, AlertState.Inactive));
        var scene = RulePicture.Of(new("g", "LabelErrors", true, "data_label_error_ratio > 0.05", [new(Labels.Of([new("dataset", "d")]), points)]), Start, Start.AddHours(24));
        var boxes = scene.Shapes.OfType<Shape.Box>().ToList();
        // 74 to 964 are 24 hours: it fires from 519 to 964.
        Assert.Contains(boxes, box => box.Ink == Ink.Of(0xd64545) && Math.Abs(box.Area.X - 519) < 0.01 && Math.Abs(box.Area.Width - 445) < 0.01);
        Assert.Contains(boxes, box => box.Ink == Ink.Of(0xf2b134) && Math.Abs(box.Area.X - 296.5) < 0.01);
        Assert.Contains(scene.Shapes.OfType<Shape.Line>(), line => line.Dash > 0 && line.Spots.Length > 1);
        Assert.Contains(scene.Shapes.OfType<Shape.Words>(), words => words.Text == "LabelErrors");
        XDocument.Parse(scene.ToSvg());
        Assert.True(scene.ToPng().Length > 1000);
    }

    [Fact]
    public void A_rule_without_any_series_is_drawn_as_well()
    {
        var scene = RulePicture.Of(new("g", "<Nothing> & \u0001", true, "x > 1", []), Start, Start);
        XDocument.Parse(scene.ToSvg());
        Assert.NotEmpty(scene.ToPng());
    }

    private static long At(int hours) => Start.AddHours(hours).ToMicros();

    /// <summary>A pixel of a PNG whose rows are not filtered.</summary>
    private static (int Red, int Green, int Blue) Pixel(byte[] png, int x, int y)
    {
        var width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16));
        var at = png.AsSpan().IndexOf(Encoding.ASCII.GetBytes("IDAT"));
        using var zlib = new ZLibStream(new MemoryStream(png[(at + 4)..]), CompressionMode.Decompress);
        var rows = new byte[(y + 1) * ((width * 3) + 1)];
        zlib.ReadExactly(rows);
        var pixel = (y * ((width * 3) + 1)) + 1 + (x * 3);
        return (rows[pixel], rows[pixel + 1], rows[pixel + 2]);
    }
}
