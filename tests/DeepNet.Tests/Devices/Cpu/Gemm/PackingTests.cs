using DeepNet.Devices.Cpu;
using Xunit;

namespace DeepNet.Tests.Cpu;

public unsafe class PackingTests
{
    private const float Guard = -77;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Panels_hold_every_term_of_every_line_and_end_where_they_end(bool isSideBySide)
    {
        for (int width = 1; width <= 20; width++)
        {
            for (int k = 1; k <= 35; k += width % 3 + 1)
            {
                foreach (int panels in new[] { 1, 2, 11 })
                {
                    Check(width, k, panels, isSideBySide);
                    Check(width, k, panels, isSideBySide, spare: 3);
                }
            }
        }
    }

    /// <summary>The source ends with the last term of the last line: what lies beyond belongs to others.</summary>
    private static void Check(int width, int k, int panels, bool isSideBySide, int spare = 0)
    {
        int lines = width * panels;
        nint line = isSideBySide ? 1 : k + spare, step = isSideBySide ? lines + spare : 1;
        float[] from = new float[(lines - 1) * line + (k - 1) * step + 1], to = new float[lines * k + 16];
        for (int i = 0; i < from.Length; i++) from[i] = i;
        Array.Fill(to, Guard);
        fixed (float* source = from, target = to)
            Packing.Panels(source, line, step, width, panels, k, target);

        for (int panel = 0; panel < panels; panel++)
        {
            for (int p = 0; p < k; p++)
            {
                for (int i = 0; i < width; i++)
                {
                    float expected = (panel * width + i) * line + p * step;
                    Assert.True(expected == to[(panel * k + p) * width + i], $"width {width}, k {k}, panel {panel}, term {p}, line {i}");
                }
            }
        }
        for (int i = lines * k; i < to.Length; i++) Assert.Equal(Guard, to[i]);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(9, 12)]
    [InlineData(19, 24)]
    [InlineData(5, 8)]
    public void A_panel_wider_than_its_lines_ends_each_term_with_zeros(int lines, int width)
    {
        for (int k = 1; k < 40; k++)
        {
            float[] from = new float[lines * k], to = new float[width * k + 8];
            for (int i = 0; i < from.Length; i++) from[i] = i + 1;
            Array.Fill(to, Guard);
            fixed (float* source = from, target = to)
                Packing.Panel(source, k, 1, lines, k, target, width);
            for (int p = 0; p < k; p++)
            {
                for (int i = 0; i < width; i++) Assert.Equal(i < lines ? i * k + p + 1 : 0, to[p * width + i]);
            }
            for (int i = width * k; i < to.Length; i++) Assert.Equal(Guard, to[i]);
        }
    }

    [Fact]
    public void Any_other_strides_are_gathered()
    {
        double[] from = new double[200], to = new double[3 * 5];
        for (int i = 0; i < from.Length; i++) from[i] = i;
        fixed (double* source = from, target = to)
            Packing.Panels(source + 100, -7, 3, 3, 1, 5, target);
        for (int p = 0; p < 5; p++)
        {
            for (int i = 0; i < 3; i++) Assert.Equal(100 - 7 * i + 3 * p, to[p * 3 + i]);
        }
    }
}
