using System.Collections.Immutable;

namespace Orchestrator.Runtime.Pictures;

/// <summary>Draws a scene into pixels, two for each of the scene's in both directions; edges are smooth.</summary>
internal sealed class Raster
{
    private const int Scale = 2;
    private const double Weight = 0.115;

    private readonly Scene _scene;
    private readonly int _width;
    private readonly int _height;
    private readonly byte[] _bytes;
    private readonly float[] _cover;

    public Raster(Scene scene)
    {
        _scene = scene;
        _width = scene.Width * Scale;
        _height = scene.Height * Scale;
        _bytes = new byte[_width * _height * 3];
        _cover = new float[_width * _height];
        _bytes.AsSpan().Fill(255);
    }

    public Pixels Draw()
    {
        foreach (var shape in _scene.Shapes)
        {
            Draw(shape);
        }

        return new(_width, _height, _bytes);
    }

    private void Draw(Shape shape)
    {
        switch (shape)
        {
            case Shape.Box box:
                Fill(box.Area, box.Ink);
                break;
            case Shape.Line line:
                Stroke(line.Dash > 0 ? Dashes(line) : [line.Spots], line.Width, line.Ink);
                break;
            case Shape.Words words:
                var shift = words.Anchor switch { Anchor.Start => 0, Anchor.Middle => 0.5, _ => 1 };
                var at = words.At with { X = words.At.X - (shift * StrokeFont.Width(words.Text, words.Size)) };
                Stroke(StrokeFont.Lines(words.Text, at, words.Size), words.Size * Weight, words.Ink);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private void Fill(Area area, Ink ink)
    {
        var (left, top, right, bottom) = (area.X * Scale, area.Y * Scale, area.Right * Scale, area.Bottom * Scale);
        for (var y = Math.Max(0, (int)top); y < Math.Min(_height, bottom); y++)
        {
            for (var x = Math.Max(0, (int)left); x < Math.Min(_width, right); x++)
            {
                var share = Overlap(x, left, right) * Overlap(y, top, bottom);
                Blend((y * _width) + x, ink, share);
            }
        }
    }

    private static double Overlap(int pixel, double from, double to) => Math.Max(0, Math.Min(pixel + 1, to) - Math.Max(pixel, from));

    /// <summary>All strokes of one thing cover each pixel once, so that they join without seams.</summary>
    private void Stroke(IEnumerable<ImmutableArray<Spot>> strokes, double width, Ink ink)
    {
        var (top, bottom) = (_height, -1);
        foreach (var stroke in strokes)
        {
            for (var i = 0; i < Math.Max(1, stroke.Length - 1) && stroke.Length > 0; i++)
            {
                var (from, to) = (Scaled(stroke[i]), Scaled(stroke[Math.Min(i + 1, stroke.Length - 1)]));
                Cover(from, to, width * Scale / 2);
                top = Math.Min(top, (int)(Math.Min(from.Y, to.Y) - (width * Scale) - 1));
                bottom = Math.Max(bottom, (int)(Math.Max(from.Y, to.Y) + (width * Scale) + 1));
            }
        }

        for (var i = Math.Max(0, top) * _width; i < Math.Min(_height, bottom + 1) * _width; i++)
        {
            if (_cover[i] > 0)
            {
                Blend(i, ink, _cover[i]);
                _cover[i] = 0;
            }
        }
    }

    private static Spot Scaled(Spot spot) => new(spot.X * Scale, spot.Y * Scale);

    private void Cover(Spot from, Spot to, double half)
    {
        var reach = half + 1;
        for (var y = Math.Max(0, (int)(Math.Min(from.Y, to.Y) - reach)); y <= Math.Min(_height - 1, Math.Max(from.Y, to.Y) + reach); y++)
        {
            for (var x = Math.Max(0, (int)(Math.Min(from.X, to.X) - reach)); x <= Math.Min(_width - 1, Math.Max(from.X, to.X) + reach); x++)
            {
                var covered = (float)Math.Clamp(half + 0.5 - Distance(new(x + 0.5, y + 0.5), from, to), 0, 1);
                _cover[(y * _width) + x] = Math.Max(_cover[(y * _width) + x], covered);
            }
        }
    }

    private static double Distance(Spot spot, Spot from, Spot to)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var length = (dx * dx) + (dy * dy);
        var along = length == 0 ? 0 : Math.Clamp((((spot.X - from.X) * dx) + ((spot.Y - from.Y) * dy)) / length, 0, 1);
        var (ox, oy) = (spot.X - from.X - (along * dx), spot.Y - from.Y - (along * dy));
        return Math.Sqrt((ox * ox) + (oy * oy));
    }

    private void Blend(int pixel, Ink ink, double share)
    {
        var alpha = share * ink.Opacity;
        var at = pixel * 3;
        _bytes[at] = Mixed(_bytes[at], ink.Red, alpha);
        _bytes[at + 1] = Mixed(_bytes[at + 1], ink.Green, alpha);
        _bytes[at + 2] = Mixed(_bytes[at + 2], ink.Blue, alpha);
    }

    private static byte Mixed(byte below, byte above, double alpha) => (byte)Math.Round(below + ((above - below) * alpha));

    /// <summary>The stretches of a line that its dashes draw.</summary>
    private static IEnumerable<ImmutableArray<Spot>> Dashes(Shape.Line line)
    {
        var done = 0.0;
        for (var i = 1; i < line.Spots.Length; i++)
        {
            var (from, to) = (line.Spots[i - 1], line.Spots[i]);
            var length = Math.Sqrt(Math.Pow(to.X - from.X, 2) + Math.Pow(to.Y - from.Y, 2));
            foreach (var (start, end) in Drawn(done, length, line.Dash))
            {
                yield return [Along(from, to, start / length), Along(from, to, end / length)];
            }

            done += length;
        }
    }

    /// <summary>The parts of a side that are drawn, when so much of the line lies behind it: dashes are the even stretches.</summary>
    private static IEnumerable<(double Start, double End)> Drawn(double done, double length, double dash)
    {
        for (var number = Math.Floor(done / dash); number * dash < done + length; number++)
        {
            var (start, end) = (Math.Max(0, (number * dash) - done), Math.Min(length, ((number + 1) * dash) - done));
            if (number % 2 == 0 && end > start)
            {
                yield return (start, end);
            }
        }
    }

    private static Spot Along(Spot from, Spot to, double part) => new(from.X + ((to.X - from.X) * part), from.Y + ((to.Y - from.Y) * part));
}
