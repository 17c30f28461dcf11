namespace DeepNet.Plots;

/// <summary>Marching squares: where a function on a grid crosses a level, and where it lies above one.</summary>
/// <remarks>
/// Crossings are interpolated along the grid's edges. Where two opposite corners lie above, the mean of the four decides. Cells with a
/// missing number are left out.
/// </remarks>
internal static class Isolines
{
    /// <summary>The lines along which z equals a level, in grid coordinates (column, row), joined as far as they go.</summary>
    public static List<List<(double X, double Y)>> Lines(double[,] z, double level)
    {
        int rows = z.GetLength(0), columns = z.GetLength(1);
        // A crossing lies on one edge of the grid and belongs to two cells at most: each has at most two neighbours.
        var neighbours = new Dictionary<int, (int First, int Second)>();
        var order = new List<int>();
        void Join(int a, int b)
        {
            Link(a, b);
            Link(b, a);
        }
        void Link(int a, int b)
        {
            if (neighbours.TryGetValue(a, out var pair)) neighbours[a] = (pair.First, b);
            else
            {
                neighbours[a] = (b, -1);
                order.Add(a);
            }
        }
        for (int i = 0; i + 1 < rows; i++)
            for (int j = 0; j + 1 < columns; j++)
            {
                double a = z[i, j], b = z[i, j + 1], c = z[i + 1, j + 1], d = z[i + 1, j];
                if (!double.IsFinite(a + b + c + d)) continue;
                int top = 2 * (i * columns + j), left = top + 1, bottom = 2 * ((i + 1) * columns + j),
                    right = 2 * (i * columns + j + 1) + 1;
                int code = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
                bool middle = (a + b + c + d) / 4 >= level;
                switch (code)
                {
                    case 1 or 14: Join(left, top); break;
                    case 2 or 13: Join(top, right); break;
                    case 4 or 11: Join(right, bottom); break;
                    case 8 or 7: Join(bottom, left); break;
                    case 3 or 12: Join(left, right); break;
                    case 6 or 9: Join(top, bottom); break;
                    case 5 or 10:
                        bool joined = middle == (code == 5);        // a and c belong together
                        Join(left, joined ? bottom : top);
                        Join(right, joined ? top : bottom);
                        break;
                    default: break;
                }
            }
        var lines = new List<List<(double X, double Y)>>();
        var used = new HashSet<int>();
        // Open lines first, from their ends; what is left are rings.
        foreach (bool open in (bool[])[true, false])
            foreach (int start in order)
            {
                if (used.Contains(start) || (open && neighbours[start].Second >= 0)) continue;
                var line = new List<(double X, double Y)>();
                int at = start, before = -1;
                while (at >= 0 && used.Add(at))
                {
                    line.Add(Crossing(z, level, at, columns));
                    var (first, second) = neighbours[at];
                    int next = first != before ? first : second;
                    (before, at) = (at, next);
                }
                if (at == start) line.Add(line[0]);
                lines.Add(line);
            }
        return lines;
    }

    /// <summary>
    /// The region in which z is at least a level, as polygons and runs of whole cells, in grid coordinates through
    /// <paramref name="toPixels"/>.
    /// </summary>
    public static string Region(double[,] z, double level, Func<double, double, (double X, double Y)> toPixels)
    {
        var path = new PathData(decimals: 1);
        int rows = z.GetLength(0), columns = z.GetLength(1);
        Span<(double X, double Y)> polygon = stackalloc (double, double)[8];
        for (int i = 0; i + 1 < rows; i++)
        {
            int run = -1;
            for (int j = 0; j < columns; j++)
            {
                bool whole = j + 1 < columns && IsCell(i, j)
                    && Math.Min(Math.Min(z[i, j], z[i, j + 1]), Math.Min(z[i + 1, j], z[i + 1, j + 1])) >= level;
                if (whole && run < 0) run = j;
                if (!whole && run >= 0)
                {
                    Add([(run, i), (j, i), (j, i + 1), (run, i + 1)]);
                    run = -1;
                }
                if (whole || j + 1 >= columns || !IsCell(i, j)) continue;
                AddPart(i, j, polygon);
            }
        }
        return path.ToString();

        bool IsCell(int i, int j) => double.IsFinite(z[i, j] + z[i, j + 1] + z[i + 1, j] + z[i + 1, j + 1]);

        void AddPart(int i, int j, Span<(double X, double Y)> corners)
        {
            double a = z[i, j], b = z[i, j + 1], c = z[i + 1, j + 1], d = z[i + 1, j];
            bool split = (a >= level) == (c >= level) && (b >= level) == (d >= level) && (a >= level) != (b >= level)
                && (a + b + c + d) / 4 < level;
            int count = 0;
            Walk(corners, ref count, a, b, (j, i), (j + 1, i));
            Walk(corners, ref count, b, c, (j + 1, i), (j + 1, i + 1));
            Walk(corners, ref count, c, d, (j + 1, i + 1), (j, i + 1));
            Walk(corners, ref count, d, a, (j, i + 1), (j, i));
            if (!split) Add(corners[..count]);
            else if (a >= level)
            {
                // Two corners, each by itself: the walk gave a, ab, bc, c, cd, da.
                Add([corners[0], corners[1], corners[5]]);
                Add([corners[2], corners[3], corners[4]]);
            }
            else
            {
                // ab, b, bc, cd, d, da
                Add([corners[0], corners[1], corners[2]]);
                Add([corners[3], corners[4], corners[5]]);
            }
        }

        void Walk(Span<(double X, double Y)> corners, ref int count, double from, double to, (double X, double Y) p, (double X, double Y) q)
        {
            if (from >= level) corners[count++] = p;
            if ((from >= level) == (to >= level)) return;
            // From the same end as the neighbour sees it, so that both find the same number.
            bool forward = p.X < q.X || p.Y < q.Y;
            double t = forward ? (level - from) / (to - from) : 1 - (level - to) / (from - to);
            corners[count++] = (p.X + (q.X - p.X) * t, p.Y + (q.Y - p.Y) * t);
        }

        void Add(ReadOnlySpan<(double X, double Y)> corners)
        {
            if (corners.Length < 3) return;
            for (int k = 0; k < corners.Length; k++)
            {
                var (x, y) = toPixels(corners[k].X, corners[k].Y);
                if (k == 0) path.Move(x, y);
                else path.Line(x, y);
            }
            path.Close();
        }
    }

    private static (double X, double Y) Crossing(double[,] z, double level, int edge, int columns)
    {
        int i = edge / 2 / columns, j = edge / 2 % columns;
        double from = z[i, j], to = edge % 2 == 0 ? z[i, j + 1] : z[i + 1, j];
        double t = (level - from) / (to - from);
        return edge % 2 == 0 ? (j + t, i) : (j, i + t);
    }
}
