using DeepNet.Data.Images;
using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Transforms;

public class ColorTests
{
    private static readonly Dictionary<string, Func<Image, System.Text.Json.JsonElement, Image>> Operations = new()
    {
        ["enhance"] = (image, args) =>
        {
            float factor = args.GetProperty("factor").GetSingle();
            return args.GetProperty("kind").GetString() switch
            {
                "Brightness" => PixelMath.Brightness(image, factor),
                "Contrast" => PixelMath.Contrast(image, factor),
                "Color" => PixelMath.Saturation(image, factor),
                _ => PixelMath.Sharpness(image, factor),
            };
        },
        ["posterize"] = (image, args) => PixelMath.Posterize(image, args.GetProperty("bits").GetInt32()),
        ["solarize"] = (image, args) => PixelMath.Solarize(image, args.GetProperty("threshold").GetInt32()),
        ["autocontrast"] = (image, _) => PixelMath.AutoContrast(image),
        ["equalize"] = (image, _) => PixelMath.Equalize(image),
        ["affine"] = (image, args) => PixelMath.Affine(image, [.. args.GetProperty("matrix").EnumerateArray().Select(v => v.GetDouble())]),
    };

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_Pillows_to_the_bit(string name)
    {
        int cases = 0;
        foreach (var (file, args, expected) in Pictures.Cases(name))
        {
            Pictures.AssertEqual(expected, Operations[name](Pictures.Decoded(file), args), $"{name} {args}");
            cases++;
        }
        Assert.True(cases > 1);
    }

    [Fact]
    public void Hue_turns_colours_and_keeps_brightness()
    {
        var image = new Image([255, 0, 0, 0, 255, 0, 10, 20, 200, 70, 70, 70], 1, 4, 3);
        Assert.Equal([0, 255, 0, 0, 0, 255, 200, 10, 20, 70, 70, 70], PixelMath.Hue(image, 1 / 3f).Pixels);
        Assert.Equal([0, 0, 255, 255, 0, 0, 20, 200, 10, 70, 70, 70], PixelMath.Hue(image, -1 / 3f).Pixels);
        Assert.Equal([0, 255, 255], PixelMath.Hue(image, 0.5f).Pixels[..3]);
        Assert.Equal([255, 255, 0], PixelMath.Hue(image, 1 / 6f).Pixels[..3]);
        Assert.Equal(image.Pixels, PixelMath.Hue(image, 1e-6f).Pixels);
    }

    [Fact]
    public void Opacity_stays()
    {
        var image = Pictures.Decoded("rgba.png", ImageColor.Rgba);
        IImageTransform[] transforms = [new ColorJitter(0.5, 0.5, 0.5, 0.2), new ColorJitter(hue: 0.5), new ColorJitter(saturation: 1)];
        foreach (var transform in transforms)
        {
            var changed = transform.Apply(image, DrawKey.FromSeed(3));
            Assert.NotEqual(image.Pixels, changed.Pixels);
            for (int i = 3; i < image.Pixels.Length; i += 4) Assert.Equal(image.Pixels[i], changed.Pixels[i]);
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0.4, 0.4, 0.4, 0.1)]
    public void Jitter_is_a_function_of_the_key(double brightness, double contrast, double saturation, double hue)
    {
        var image = Pictures.Decoded("rgb.png");
        var jitter = new ColorJitter(brightness, contrast, saturation, hue);
        var results = Enumerable.Range(0, 20).Select(k => jitter.Apply(image, DrawKey.FromSeed((ulong)k)).Pixels).ToArray();
        Assert.Equal(results[7], jitter.Apply(image, DrawKey.FromSeed(7)).Pixels);
        Assert.Equal(brightness == 0 ? 1 : 20, results.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void RandAugment_does_all_its_operations_and_nothing_at_strength_0_that_moves_pixels()
    {
        var image = Pictures.Decoded("rgb.png");
        var strong = new RandAugment(1, 20);
        int different = Enumerable.Range(0, 400).Select(k => Convert.ToHexString(strong.Apply(image, DrawKey.FromSeed((ulong)k)).Pixels))
            .Distinct().Count();
        Assert.Equal(22, different);                     // 8 that have a sign, 5 that have none (one changes nothing here), and the image
        Assert.Equal(image.Pixels, new RandAugment(0).Apply(image, default).Pixels);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandAugment(1, 31));
    }

    [Fact]
    public void A_random_crop_has_the_area_and_proportions_asked_for()
    {
        // Colours tell where a pixel comes from: 200 columns and 100 rows.
        byte[] pixels = new byte[200 * 100 * 3];
        for (int i = 0; i < 200 * 100; i++) (pixels[3 * i], pixels[3 * i + 1]) = ((byte)(i % 200), (byte)(i / 200));
        var image = new Image(pixels, 100, 200, 3);
        var crop = new RandomResizedCrop(64, 0.2, 0.5);
        var areas = new List<double>();
        for (ulong k = 0; k < 300; k++)
        {
            byte[] p = crop.Apply(image, DrawKey.FromSeed(k)).Pixels;
            // From the middle of the first new pixel to that of the last there are 63 steps of 64.
            double width = (p[^3] - p[0]) * 64 / 63.0, height = (p[^2] - p[1]) * 64 / 63.0;
            areas.Add(width * height / (200 * 100));
            Assert.InRange(width / height, 0.7, 1.42);
            Assert.InRange(areas[^1], 0.18, 0.52);
        }
        Assert.InRange(areas.Average(), 0.33, 0.37);
        var strip = new RandomResizedCrop(8, 1, 1).Apply(new Image(new byte[10 * 1000], 10, 1000, 1), DrawKey.FromSeed(0));
        Assert.Equal((8, 8), (strip.Height, strip.Width));
    }

    [Fact]
    public void Erasing_takes_a_rectangle_of_the_area_asked_for()
    {
        var batch = new Batch(Tensor.Ones(new Shape(400, 3, 20, 30)), Tensor.Arange(400));
        DrawKey[] keys = [.. Enumerable.Range(0, 400).Select(i => DrawKey.FromSeed((ulong)i))];
        float[] x = new RandomErasing(0.5, 0.1, 0.3, value: 7).Apply(batch, keys).X.ToArray();
        int erased = 0;
        for (int i = 0; i < 400; i++)
        {
            int count = x.AsSpan(i * 1800, 600).Count(7f);
            Assert.Equal(3 * count, x.AsSpan(i * 1800, 1800).Count(7f));
            if (count > 0) Assert.InRange(count / 600.0, 0.07, 0.33);
            if (count > 0) erased++;
        }
        Assert.InRange(erased, 170, 230);
    }

    [Fact]
    public void CutMix_mixes_targets_by_the_area_of_what_was_put_in()
    {
        const int Count = 200, Size = 20;
        var x = Tensor.Arange(Count).To(DType.Float32).Reshape(Count, 1, 1, 1) * Tensor.Ones(new Shape(1, 2, Size, Size));
        var batch = new Batch(x, Tensor.Arange(Count));
        DrawKey[] keys = [.. Enumerable.Range(0, Count).Select(i => DrawKey.FromSeed((ulong)i))];
        var mixed = new CutMix(classes: Count).Apply(batch, keys);
        double kept = 0;
        for (int i = 0; i < Count; i++)
        {
            float[] pixels = mixed.X[i].ToArray(), y = mixed.Y[i].ToArray();
            Assert.Equal(1, y.Sum(), 1e-5);
            float own = pixels.Count(v => v == i) / (2f * Size * Size);
            Assert.Equal(own, y[i], 1e-5);
            foreach (float v in pixels.Distinct()) Assert.Equal(pixels.Count(p => p == v) / (2f * Size * Size), y[(int)v], 1e-5);
            kept += own;
        }
        Assert.InRange(kept / Count, 0.5, 0.75);
        Assert.Throws<ArgumentException>(() => new CutMix().Apply(batch, keys));
    }
}
