from workshops.shading import shade_names, shade_of


def test_shade_is_by_one_scale_from_four_stories_to_forty_thousand():
    counts = [0, 1, 4, 5, 10, 12, 19, 20, 99, 100, 499, 500, 2500, 40_000]
    assert [shade_of(count) for count in counts] == [0, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 5, 5, 5]


def test_shade_names_say_where_each_shade_begins_and_ends():
    names = dict(shade_names())
    assert names == {1: "1–4", 2: "5–19", 3: "20–99", 4: "100–499", 5: "500 or more"}
    for shade, name in names.items():
        ends = [int(end) for end in name.removesuffix(" or more").split("–")]
        assert [shade_of(end) for end in ends] == [shade] * len(ends)
        assert shade_of(ends[0] - 1) == shade - 1
