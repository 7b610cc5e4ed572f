using System.Text.RegularExpressions;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Monitors;

/// <summary>The form of names that authors give: models, monitors, datasets, segments.</summary>
internal static partial class Names
{
    public const string Allowed = "allowed: letters, digits, \"_\", \"-\" and \".\", starting with a letter or digit, at most 100";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    public static string Required(Fields fields, string field, string code)
    {
        var name = fields.RequiredText(field);
        if (name.Length > 0)
        {
            Check(name, fields.At(field), code, fields.Diagnostics);
        }

        return name;
    }

    public static void Check(string name, Place place, string code, DiagnosticList diagnostics)
    {
        if (!Form().IsMatch(name))
        {
            diagnostics.Error(place, code, $"\"{name}\" is no name", Allowed);
        }
    }
}
