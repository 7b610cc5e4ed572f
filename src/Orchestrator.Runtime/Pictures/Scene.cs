using System.Collections.Immutable;

namespace Orchestrator.Runtime.Pictures;

/// <summary>A colour, with how much of it covers what lies below.</summary>
public readonly record struct Ink(byte Red, byte Green, byte Blue, double Opacity = 1)
{
    public static Ink Of(int rgb, double opacity = 1) => new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb, opacity);
}

/// <summary>A point of a picture, in pixels from its upper left corner.</summary>
public readonly record struct Spot(double X, double Y);

/// <summary>A rectangle of a picture.</summary>
public readonly record struct Area(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;
}

/// <summary>Where a text stands to its spot.</summary>
public enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>One thing to draw.</summary>
public abstract record Shape
{
    private Shape(Ink ink) => Ink = ink;

    public Ink Ink { get; }

    public sealed record Box(Area Area, Ink Ink) : Shape(Ink);

    /// <summary>A line through spots.</summary>
    /// <param name="Dash">Length of its strokes and of the gaps between; 0 for none.</param>
    public sealed record Line(ImmutableArray<Spot> Spots, Ink Ink, double Width, double Dash = 0) : Shape(Ink);

    public sealed record Words(Spot At, string Text, Ink Ink, double Size, Anchor Anchor = Anchor.Start) : Shape(Ink);
}

/// <summary>A picture as the things to draw, the later ones over the earlier; it can be written as SVG and as PNG.</summary>
public sealed record Scene(int Width, int Height, ImmutableArray<Shape> Shapes)
{
    public string ToSvg() => Svg.Write(this);

    public byte[] ToPng() => Png.Write(new Raster(this).Draw());
}
