namespace DeepNet.Plots;

/// <summary>Represents the parts of an area that hold data, in cells of a few pixels, so that a legend keeps clear of them.</summary>
internal sealed class Coverage
{
    private const double Cell = 4;

    private readonly Box area;
    private readonly bool[,] taken;

    public Coverage(Box area)
    {
        this.area = area;
        taken = new bool[(int)(area.Height / Cell) + 1, (int)(area.Width / Cell) + 1];
    }

    public void Point(double x, double y)
    {
        double i = (y - area.Top) / Cell, j = (x - area.Left) / Cell;
        if (i >= 0 && j >= 0 && i < taken.GetLength(0) && j < taken.GetLength(1)) taken[(int)i, (int)j] = true;
    }

    public void Segment(double x1, double y1, double x2, double y2)
    {
        if (!double.IsFinite(x1 + y1 + x2 + y2)) return;
        int steps = (int)Math.Clamp(Math.Max(Math.Abs(x2 - x1), Math.Abs(y2 - y1)) / (Cell / 2), 1, 4000);
        for (int k = 0; k <= steps; k++) Point(x1 + (x2 - x1) * k / steps, y1 + (y2 - y1) * k / steps);
    }

    public void Fill(Box box)
    {
        if (!double.IsFinite(box.Left + box.Top + box.Width + box.Height)) return;
        for (double y = Math.Max(box.Top, area.Top); y <= Math.Min(box.Bottom, area.Bottom); y += Cell)
            for (double x = Math.Max(box.Left, area.Left); x <= Math.Min(box.Right, area.Right); x += Cell) Point(x, y);
    }

    /// <summary>Returns the number of cells of a box that hold data.</summary>
    public int Count(Box box)
    {
        int count = 0;
        int top = Math.Max(0, (int)((box.Top - area.Top) / Cell)),
            bottom = Math.Min(taken.GetLength(0) - 1, (int)((box.Bottom - area.Top) / Cell));
        int left = Math.Max(0, (int)((box.Left - area.Left) / Cell)),
            right = Math.Min(taken.GetLength(1) - 1, (int)((box.Right - area.Left) / Cell));
        for (int i = top; i <= bottom; i++)
            for (int j = left; j <= right; j++)
                if (taken[i, j]) count++;
        return count;
    }
}
