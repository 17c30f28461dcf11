using System.Runtime.CompilerServices;
using DeepNet.Nn;
using DeepNet.Ops;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Devices apart from their operators: memory, errors, copies, random numbers.</summary>
public class DeviceTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Elements_come_back_as_they_went(string name)
    {
        var device = Device.Parse(name);
        float[] large = [.. Enumerable.Range(0, 100_003).Select(i => i * 0.5f)];     // more than a piece of the ring
        Assert.Equal(large, Tensor.From<float>(large, new Shape(large.Length), device).ToArray());
        var view = Tensor.From<float>(large, new Shape(large.Length)).To(device)[10..20];
        Assert.Equal(large[10..20], view.ToArray());
        Assert.Equal(7.5f, view[5].Item());
        Assert.Empty(Tensor.Zeros(new Shape(0, 3), device: device).ToArray());
        Assert.Equal([true, false], Tensor.From<bool>(true, false).To(device).ToArray<bool>());
        Assert.Contains("7.5", view.ToString(), StringComparison.Ordinal);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Every_element_type_converts_as_on_the_processor(string name)
    {
        var device = Device.Parse(name);
        double[] values = [0, -0.0, 1, -1, 0.3, 2.5, 3.5, -7.9, 65504, 65520, 1e-7, 6e-8, 3.1e9, -3.1e9, 1e19, double.NaN,
            double.PositiveInfinity, double.NegativeInfinity, 1.00048828125, 1.0009765625001];
        foreach (var from in Enum.GetValues<DType>().Where(device.Supports))
            foreach (var to in Enum.GetValues<DType>().Where(device.Supports))
            {
                var x = Tensor.From<double>(values).To(from);
                Assert.True(
                    x.To(to).ToArray<double>().SequenceEqual(x.To(device).To(to).ToArray<double>()), $"{from.Name()} to {to.Name()}");
            }
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Random_numbers_are_the_processors(string name)
    {
        var device = Device.Parse(name);
        Assert.Equal(
            Tensor.Rand(new Shape(1001), generator: new Generator(5)).ToArray(),
            Tensor.Rand(new Shape(1001), device: device, generator: new Generator(5)).ToArray());
        Assert.Equal(
            Tensor.RandInt(-9, 1L << 40, new Shape(77), generator: new Generator(5)).ToArray<long>(),
            Tensor.RandInt(-9, 1L << 40, new Shape(77), device: device, generator: new Generator(5)).ToArray<long>());
        var x = Tensor.Rand(new Shape(333), generator: new Generator(1));
        float[] dropped = new Nn.Dropout(0.3, new Generator(2)).Forward(x).ToArray();
        Assert.Equal(dropped, new Nn.Dropout(0.3, new Generator(2)).Forward(x.To(device)).ToArray());
        Same.Check(
            "normal", Tensor.Randn(new Shape(1001), generator: new Generator(5)),
            Tensor.Randn(new Shape(1001), device: device, generator: new Generator(5)), 1e-6);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Memory_is_given_back_and_used_again(string name)
    {
        var device = Device.Parse(name);
        Use(device);
        device.Memory.Reclaim();
        long live = device.Memory.LiveBytes;
        using (Memory.Scope())
        {
            var x = Tensor.Ones(new Shape(1000), device: device);
            _ = x + x;
            Assert.True(device.Memory.LiveBytes >= live + 8000);
        }
        Assert.Equal(live, device.Memory.LiveBytes);
        long reserved = device.Memory.ReservedBytes;
        for (int i = 0; i < 20; i++)
            using (Memory.Scope()) Use(device);
        Assert.Equal(reserved, device.Memory.ReservedBytes);
        device.Memory.Trim();
        Assert.True(device.Memory.ReservedBytes <= reserved);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Use(Device device)
    {
        var x = Tensor.Ones(new Shape(1000), device: device);
        _ = (x + x).Sum().Item();
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Out_of_memory_says_what_is_live_and_the_device_goes_on(string name)
    {
        var device = Device.Parse(name);
        var x = Tensor.Ones(new Shape(300, 100), device: device);
        device.Memory.Limit = device.Memory.ReservedBytes + (1 << 20);
        try
        {
            var error = Assert.Throws<OutOfMemoryException>(() => Tensor.Zeros(new Shape(1 << 20), device: device));
            Assert.Contains($"{name}: no room for another 4.0 MiB", error.Message, StringComparison.Ordinal);
            Assert.Contains("float32 (300, 100)", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            device.Memory.Limit = long.MaxValue;
        }
        Assert.Equal(30000, x.Sum().Item());
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void A_tensor_that_was_given_back_is_reported(string name)
    {
        Tensor x;
        using (Memory.Scope()) x = Tensor.Ones(new Shape(3), device: Device.Parse(name));
        Assert.Throws<ObjectDisposedException>(() => x + 1);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void A_kernel_that_does_not_compile_names_its_operator_and_harms_no_other(string name)
    {
        var x = Tensor.From<float>(1, 2, 3).To(Device.Parse(name));
        var error = Assert.Throws<KernelException>(() => x.Apply(new Uncompilable()));
        Assert.Contains("[uncompilable]", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Equal([3f, 5f, 7f], x.Apply(new TwicePlusOne()).ToArray());
        Assert.Throws<KernelException>(() => x.Apply(new Uncompilable()));
        Assert.Equal([1f, 4f, 9f], x.Square().ToArray());
    }

    /// <summary>A formula that calls what no GPU has.</summary>
    public readonly struct Uncompilable : IUnaryOp<Uncompilable>
    {
        public V Forward<V>(V x) where V : INumber<V>
        {
            Console.WriteLine("from a kernel");
            return x;
        }
    }

    /// <summary>A formula of a user's own.</summary>
    public readonly struct TwicePlusOne : IUnaryOp<TwicePlusOne>
    {
        public V Forward<V>(V x) where V : INumber<V> => x + x + V.Constant(1);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Operands_of_several_devices_are_reported(string name)
    {
        var here = Tensor.Ones(2, 2);
        var there = here.To(Device.Parse(name));
        Assert.Contains(
            $"(2, 2) on cpu and (2, 2) on {name}", Assert.Throws<ArgumentException>(() => here + there).Message, StringComparison.Ordinal);
        Assert.Contains("[matmul]", Assert.Throws<ArgumentException>(() => there.MatMul(here)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => { using var lease = there.Lease<float>(); });
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void A_gradient_travels_back_to_where_its_tensor_lives(string name)
    {
        var x = Tensor.From<float>(1, 2, 3).WithGrad();
        (x.To(Device.Parse(name)) * 2).Sum().Backward();
        Assert.Same(Device.Cpu, x.Grad!.Device);
        Assert.Equal([2f, 2f, 2f], x.Grad.ToArray());
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void A_model_is_saved_and_loaded(string name)
    {
        string path = Path.GetTempFileName();
        try
        {
            var device = Device.Parse(name);
            var model = new Sequential(new Linear(3, 4), new BatchNorm1d(4));
            model.To(device);
            Assert.All(model.Parameters(), p => Assert.Same(device, p.Value.Device));
            model.Save(path);
            var other = new Sequential(new Linear(3, 4), new BatchNorm1d(4));
            other.Load(path);
            Assert.Equal(model.Parameters()[0].Value.ToArray(), other.Parameters()[0].Value.ToArray());
            model.Load(path);
            Assert.All(model.Parameters(), p => Assert.Same(device, p.Value.Device));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void The_first_NaN_is_found(string name)
    {
        using var detection = Anomaly.Detect();
        var x = Tensor.From<float>(-1, 2).To(Device.Parse(name));
        var error = Assert.Throws<AnomalyException>(() => x.Log());
        Assert.Contains("[log]", error.Message, StringComparison.Ordinal);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Rows_longer_than_a_group_and_more_axes_than_a_kernel_holds(string name)
    {
        var device = Device.Parse(name);
        var x = Tensor.Randn(new Shape(3, 5000), generator: new Generator(3));
        foreach (var f in new Func<Tensor,
            Tensor>[] { y => y.Sum(), y => y.Sum(0), y => y.Sum(1), y => y.Softmax(1), y => y.Var(1), y => y.ArgMax(1), y => y.ArgSort(1),
                y => y.CumSum(1), y => (y * y).Mean() })
            Same.Check("a long row", f(x), f(x.To(device)), 1e-4);
        var many = Tensor.Randn(new Shape(2, 2, 2, 2, 2, 2, 2, 2), generator: new Generator(3));
        int[] order = [7, 5, 3, 1, 6, 4, 2, 0];
        Same.Check("many axes", many.Permute(order).Contiguous() + 1, many.To(device).Permute(order).Contiguous() + 1, 0);
        Same.Check("many axes, added", many.Permute(order) + many, many.To(device).Permute(order) + many.To(device), 1e-6);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Sines_of_angles_of_any_size(string name)
    {
        // Every exponent, so that the window into 1/2π begins at each of its bits.
        float[] angles = [.. Enumerable.Range(0, 256)
            .SelectMany(e => new[] { 0x7F_0000, 0x12_3457, 0x00_0001 }.Select(m => BitConverter.Int32BitsToSingle((e << 23) | m)))];
        var x = Tensor.From<float>([.. angles, .. angles.Select(a => -a)]);
        const double Tolerance = 4e-7;                   // what is left of an angle, up to π, is a float rounded twice
        Same.Check("sine", x.Sin(), x.To(Device.Parse(name)).Sin(), Tolerance);
        Same.Check("cosine", x.Cos(), x.To(Device.Parse(name)).Cos(), Tolerance);
    }
}
