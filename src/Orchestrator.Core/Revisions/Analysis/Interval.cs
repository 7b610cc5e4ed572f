namespace Orchestrator.Core.Revisions.Analysis;

/// <summary>The numbers that a value can be: from the least to the greatest, both included, and whether it may be no number at all.</summary>
/// <remarks>Rounding is monotonic, so that the bounds of a sum, difference or product of doubles are those of the doubles' bounds.</remarks>
internal readonly record struct Interval(double Low, double High, bool MayBeNaN)
{
    /// <summary>Any double.</summary>
    public static readonly Interval Any = new(double.NegativeInfinity, double.PositiveInfinity, true);

    public static readonly Interval ZeroOrMore = new(0, double.PositiveInfinity, false);

    public static readonly Interval Share = new(0, 1, false);

    public static Interval Of(double value) => double.IsNaN(value) ? new(double.PositiveInfinity, double.NegativeInfinity, true) : new(value, value, false);

    public static Interval Between(double low, double high) => new(low, high, false);

    /// <summary>No number is possible.</summary>
    public bool IsEmpty => !(Low <= High);

    /// <summary>Nothing at all is possible.</summary>
    public bool IsNothing => IsEmpty && !MayBeNaN;

    public double? Constant => Low == High && !MayBeNaN ? Low : null;

    public bool Contains(double value) => Low <= value && value <= High;

    public bool Covers(Interval other) => other.IsEmpty || (Low <= other.Low && other.High <= High);

    public Interval And(Interval other) => new(Math.Max(Low, other.Low), Math.Min(High, other.High), MayBeNaN && other.MayBeNaN);

    public Interval Or(Interval other) => IsEmpty ? other with { MayBeNaN = MayBeNaN || other.MayBeNaN }
        : other.IsEmpty ? this with { MayBeNaN = MayBeNaN || other.MayBeNaN }
        : new(Math.Min(Low, other.Low), Math.Max(High, other.High), MayBeNaN || other.MayBeNaN);

    /// <summary>What a function that never falls makes of it; Any where a bound leaves the function's domain.</summary>
    public Interval Rising(Func<double, double> function)
    {
        var (low, high) = (function(Low), function(High));
        return double.IsNaN(low) || double.IsNaN(high) ? Any : new(low, high, MayBeNaN);
    }

    public static Interval operator -(Interval value) => new(-value.High, -value.Low, value.MayBeNaN);

    public static Interval operator +(Interval left, Interval right)
    {
        var (low, high) = (left.Low + right.Low, left.High + right.High);
        var meets = (left.Low == double.NegativeInfinity && right.High == double.PositiveInfinity) || (left.High == double.PositiveInfinity && right.Low == double.NegativeInfinity);
        return new(double.IsNaN(low) ? double.NegativeInfinity : low, double.IsNaN(high) ? double.PositiveInfinity : high, left.MayBeNaN || right.MayBeNaN || meets);
    }

    public static Interval operator -(Interval left, Interval right) => left + -right;

    public static Interval operator *(Interval left, Interval right)
    {
        var isUnsure = (left.Contains(0) && right.IsUnbounded) || (right.Contains(0) && left.IsUnbounded);
        return Corners(left, right, (a, b) => a * b) with { MayBeNaN = left.MayBeNaN || right.MayBeNaN || isUnsure };
    }

    public static Interval operator /(Interval left, Interval right)
    {
        if (!right.Contains(0) && !right.IsUnbounded)
        {
            return Corners(left, right, (a, b) => a / b) with { MayBeNaN = left.MayBeNaN || right.MayBeNaN };
        }

        // Zero has a sign, which bounds do not know: a quotient by it may be infinite on either side.
        return Any;
    }

    private bool IsUnbounded => double.IsInfinity(Low) || double.IsInfinity(High);

    /// <summary>Zero times infinity stands for products of finite numbers here, which are zero.</summary>
    private static Interval Corners(Interval left, Interval right, Func<double, double, double> operation)
    {
        double[] corners = [operation(left.Low, right.Low), operation(left.Low, right.High), operation(left.High, right.Low), operation(left.High, right.High)];
        var finite = corners.Select(corner => double.IsNaN(corner) ? 0 : corner).ToArray();
        return new(finite.Min(), finite.Max(), false);
    }
}
