using System.Globalization;
using System.Security;
using System.Text;

namespace Orchestrator.Runtime.Pictures;

/// <summary>Scenes as SVG.</summary>
internal static class Svg
{
    public static string Write(Scene scene)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{scene.Width}\" height=\"{scene.Height}\" viewBox=\"0 0 {scene.Width} {scene.Height}\" font-family=\"system-ui, sans-serif\">\n");
        foreach (var shape in scene.Shapes)
        {
            svg.Append(Element(shape)).Append('\n');
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Element(Shape shape) => shape switch
    {
        Shape.Box { Area: var area } box => FormattableString.Invariant($"<rect x=\"{area.X:0.##}\" y=\"{area.Y:0.##}\" width=\"{area.Width:0.##}\" height=\"{area.Height:0.##}\" fill=\"{Colour(box.Ink)}\"{Opacity("fill", box.Ink)}/>"),
        Shape.Line line => FormattableString.Invariant($"<polyline points=\"{string.Join(' ', line.Spots.Select(spot => FormattableString.Invariant($"{spot.X:0.##},{spot.Y:0.##}")))}\" fill=\"none\" stroke=\"{Colour(line.Ink)}\"{Opacity("stroke", line.Ink)} stroke-width=\"{line.Width:0.##}\" stroke-linejoin=\"round\" stroke-linecap=\"{(line.Dash > 0 ? "butt" : "round")}\"{Dash(line.Dash)}/>"),
        Shape.Words words => FormattableString.Invariant($"<text x=\"{words.At.X:0.##}\" y=\"{words.At.Y:0.##}\" font-size=\"{words.Size:0.##}\" fill=\"{Colour(words.Ink)}\" text-anchor=\"{words.Anchor.ToString().ToLowerInvariant()}\">{SecurityElement.Escape(Printable(words.Text))}</text>"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Colour(Ink ink) => $"#{ink.Red:x2}{ink.Green:x2}{ink.Blue:x2}";

    private static string Opacity(string what, Ink ink) => ink.Opacity < 1 ? FormattableString.Invariant($" {what}-opacity=\"{ink.Opacity:0.###}\"") : "";

    private static string Dash(double dash) => dash > 0 ? FormattableString.Invariant($" stroke-dasharray=\"{dash:0.##}\"") : "";

    /// <summary>XML has no place for control characters.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
