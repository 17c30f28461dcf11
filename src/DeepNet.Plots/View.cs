namespace DeepNet.Plots;

/// <summary>Looks at a box of −1…1, −1…1, −0.6…0.6 from far away, and puts what it sees into a rectangle.</summary>
internal sealed class View
{
    public const double Top = 0.6;

    private readonly double sinA, cosA, sinE, cosE, scale, centerX, centerY;

    public View(double azimuth, double elevation, Box into)
    {
        (sinA, cosA) = Math.SinCos(azimuth * Math.PI / 180);
        (sinE, cosE) = Math.SinCos(Math.Clamp(elevation, 5, 90) * Math.PI / 180);
        double width = 2 * (Math.Abs(sinA) + Math.Abs(cosA)), height = 2 * (Math.Abs(sinA) + Math.Abs(cosA)) * sinE + 2 * Top * cosE;
        scale = Math.Min(into.Width / width, into.Height / height);
        (centerX, centerY) = (into.CenterX, into.CenterY);
    }

    /// <summary>The x of the walls behind: the far one.</summary>
    public double FarX => cosA > 0 ? -1 : 1;

    /// <summary>The y of the walls behind.</summary>
    public double FarY => sinA > 0 ? -1 : 1;

    /// <summary>Projects a point, with its nearness.</summary>
    public (double X, double Y, double Near) See(double x, double y, double z)
    {
        double right = -sinA * x + cosA * y, up = -sinE * (cosA * x + sinA * y) + cosE * z, near = cosE * (cosA * x + sinA * y) + sinE * z;
        return (centerX + scale * right, centerY - scale * up, near);
    }
}
