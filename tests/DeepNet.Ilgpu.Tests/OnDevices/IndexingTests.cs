namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Rows and elements at indexed places, of shapes that are no multiples of anything, against the processor's.</summary>
public class IndexingTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Reads_and_writes_at_places(string name)
    {
        var device = Device.Parse(name);
        foreach (var (outer, inner) in ((int, int)[])[(1, 1), (1, 4), (3, 5), (2, 33)])
            foreach (int count in (int[])[7, 90])
                foreach (var type in (DType[])[DType.Float32, DType.Float16, DType.UInt8, DType.Int8, DType.Bool])
                {
                    const int length = 11;
                    var generator = new Generator(1);
                    var x = Tensor.RandInt(0, 9, new Shape(outer, length, inner), generator: generator).To(type);
                    var source = Tensor.RandInt(0, 9, new Shape(outer, count, inner), generator: generator).To(type);
                    var rows = Tensor.RandInt(-length, length, new Shape(count), generator: generator);
                    var elements = Tensor.RandInt(-length, length, source.Shape, generator: generator);
                    Same(device, (x, _, i) => x.IndexSelect(1, i), x, source, rows);
                    Same(device, (x, s, i) => x.IndexAdd(1, i, s), x, source, rows);
                    Same(device, Put, x, source, rows);
                    Same(device, (x, _, i) => x.Gather(1, i), x, source, elements);
                    Same(device, (x, s, i) => x.ScatterAdd(1, i, s), x, source, elements);
                    Same(device, (x, s, i) => x.Scatter(1, i, s), x, source, elements);
                    Same(device, (x, _, _) => x.NonZero(), x, source, rows);
                }
    }

    private static Tensor Put(Tensor x, Tensor source, Tensor index)
    {
        var y = x.Clone();
        y[.., index] = source;
        return y;
    }

    // All numbers are small integers, so that every order of adding gives the same.
    private static void Same(Device device, Func<Tensor, Tensor, Tensor, Tensor> run, Tensor x, Tensor source, Tensor index)
    {
        var there = run(x.To(device), source.To(device), index.To(device));
        var here = run(x, source, index);
        Assert.Equal(here.Shape, there.Shape);
        Assert.Equal(here.ToArray<double>(), there.ToArray<double>());
    }
}
