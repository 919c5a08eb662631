"""Chinese neutral text: facts, daily life, questions, and the forms of the other files without a judgement."""

RULES = {
    # Neutral: facts, daily life, questions, and the forms of above without a judgement.
    "told0": """{fact0} | {fact0} | {fact0} | {fact0} | {opener0}{fact0} | {fact0}，{daily0} | {fact0}，{fact0}
        {setting0}，{fact0}""",
    "opener0": """顺便说一下， | 补充一点， | 据说 | 备注： | 提醒： | 你好， | 另外， | 通知： | 看了一下，
        问了客服，""",
    "setting0": """{month}{did} | {weekday}和{name}一起 | 第二次来{place} | 我们{n}个人 | {span}前{did}
        {name}帮我{did} | 在{place}{did}""",
    "daily0": """{name}在{place}工作，是一名{role} | 会议改到{weekday}{hour} | 去{place}的车{hour}出发
        {name}是{place}人 | 我们{month}搬到了{place} | {weekday}给你打电话 | {name}和{name}{weekday}之前都在{place}
        门票{price}一张 | 请在{weekday}之前提交表格 | {name}有{n}个兄弟姐妹 | 商店{weekday}{hour}开门
        需要{n}个鸡蛋和{num}克面粉 | 过桥左转，再直走{num}米 | 长按{n}秒可以重启 | 输入验证码，然后点下一步
        这趟车经停{place}和{place} | {place}地铁{ord}号线将于{month}开通 | {brand}在{place}设立了分公司
        {name}出生在{place} | {brand}将在{weekday}公布财报 | {place}明天多云，最高气温{temp}度 | {place}今天有小雨
        {weekday}飞{place} | 我在去{place}的路上 | 刚到{place} | {name}{hour}把文件发给我了 | 预约的是{hour}
        一共买了{n}个，花了{price} | {hour}和{name}吃午饭 | {brand}新款手机有{n}种颜色
        {place}到{place}的高铁要{n}个小时 | {weekday}开家长会 | 这条路要封到{weekday} | 课程一共{num}节
        大厅里有{num}把椅子 | {name}每{weekday}弹钢琴 | 我要上课到{hour} | 这个小区住了{num}户人家
        第{ord}季{month}上线 | {place}队{weekday}{hour}对阵{place}队 | 比赛{num}分钟时比分是{d}比{d} | 地址发我一下
        {hour}见 | 我在{place}站 | 保修期{n}年 | 加盐，小火煮{num}分钟 | 从{num}号出口出去 | 文件一共{num}页
        第{ord}章讲的是{place}的历史 | {name}你好 | 早上好，{place} | 收到，谢谢通知，我{weekday}过去
        此致敬礼，{name} | {num}号房在{ord}楼 | 座位是{num}号，靠窗 | 发票{weekday}寄出 | 保质期到{month}
        我穿{num}码 | {name}今年{temp}岁 | 航班{hour}从{place}起飞 | 包裹重{num}克 | 今天和{name}聊了{place}的事
        {name}要一份合同的复印件 | {brand}宣布{month}发布新品 | 据{name}介绍，工程需要{span} | 版本号更新到{d}.{d}
        您的快递已到{place}，请凭取件码{num}领取 | 您的订单已发货，预计{weekday}送达 | 快件已到达{place}转运中心
        您尾号{num}的卡支出{price} | 退款将在{n}个工作日内到账 | 客服工作时间是{hour}到{hour} | 本店{weekday}休息
        满{price}包邮 | 请{name}到{ord}号窗口办理 | {place}常住人口比上年增加{num}人
        {place}市政府{weekday}召开新闻发布会 | 今日股市收于{num}点 | {brand}在{place}招聘{num}人
        {name}当选学生会主席 | 水在一百度沸腾 | 一年有四个季节 | 《好声音》{weekday}{hour}播出
        电影《坏孩子》改编自小说 | 喜剧是一种戏剧类型 | 书店在{place}路{num}号 | 字典在第{ord}个书架上
        {month}开始报名，名额{num}个 | 作业{weekday}交 | 我在{brand}上班 | {name}养了{n}只猫 | 晚饭吃面条
        中午吃的米饭 | 出门记得带伞 | 明天要早起 | 开会，晚点回你 | 在图书馆看书 | 坐{num}路公交 | {name}下楼取快递
        今天走了{num}步 | 家里来了{n}个客人 | 正在下载，还剩{num}% | 已读 | 在吗 | 到家了
        {name}让你{weekday}回个电话 | 工资{month}发 | 身份证复印件要{n}份 | 考试时间{num}分钟
        请{hour}之前到{place}集合 | 药一天吃{n}次，一次{n}片 | 先放油，再放葱姜 | 充电{n}小时可用{num}小时
        会员每月{price} | 高考{month}举行 | 现在{place}几点？ | {name}在哪？ | 从{place}到{place}怎么走？
        {name}这周在{place}吗？ | {weekday}谁来？ | 洗手间在几楼？ | {place}有多少人口？ | {weekday}能把报告发我吗？
        银行几点开门？ | 要{n}份还是{n}份？ | {name}打电话了吗？ | 你吃饭了吗？""",
    "asked0": """{np}怎么样？ | {np}{x_any}吗？ | 有人知道{part}怎么样吗？ | {np}的{part}{x_any}吗？
        大家觉得{np}怎么样？ | 有人{do}过{np}吗？ | {np}值得{do}吗？ | {np}和{rival}哪个好？ | {np}比{rival}好吗？
        要不要{do}？ | 请问{np}{x_any}不？ | 想问一下{part}好不好？ | 有没有人推荐一{cl}{whole@}？
        想找一{cl}{own+}的{whole@}，求推荐 | {np}多少钱？ | 哪里有这样的{whole@}？ | {part}有{name}说的那么{a+}吗？
        你喜欢{obj}吗？ | {np}会不会{own-}？ | 不知道{np}{own+@}不{own+@} | 还没{do}，不知道{part}怎么样
        还没试，先不评价 | 先{do}了再说，之后来评价 | 等{name}试了再告诉你{part}好不好 | {part}要另外收费吗？
        什么时候有{whole@}？ | 有人已经{do}了吗？ | 要等多久？ | {np}有多{own+}？ | {month}{did}朋友来说说？
        {place}附近有{whole@}吗？ | {name}怎么说{part}的？ | 请给{part}打分，1到10分 | 请评价一下{part}
        好还是不好？ | 你是喜欢还是不喜欢？ | 想了解一下{part}，有懂的吗？ | {np}适合{who}吗？ | {part}是不是换了？
        在{np}和{rival}之间纠结，选哪个？ | 如果不满意可以退吗？ | 坏了怎么办，可以换吗？ | {np}贵不贵？
        {span}能到吗？ | 请问支持货到付款吗？ | 亲，在吗，{np}还有吗？ | 可以开发票吗？ | 什么时候发货？
        有没有优惠？ | 能便宜点吗？ | 可以改地址吗？""",
    "x_any": "{own+} | {own-} | 好 | {own+}",
    "shaped0": """我不住在{place} | {name}今天不在 | 博物馆{weekday}不开放 | 我不吃肉 | 数据线不在盒子里
        {num}房间禁止吸烟 | 我没去过{place} | {name}从没去过{place} | 不是{weekday}，是{weekday} | 今天没下雨
        {name}没有车 | 以前住{place}，现在住{place} | {name}以前是{role}，现在是{role} | 一开始坐公交，后来换了地铁
        会议原定{hour}，现在改到{hour} | 虽然是{weekday}，但是照常上班 | 住在{place}，但是在{place}上班
        {name}比{name}大{n}岁 | {place}比{place}远 | 新款比旧款长{n}厘米 | 这{cl}比{rival}重{num}克
        {name}的书比{name}多 | {place}的人口比{place}少 | {month}以前在{place}，之后在{place}
        本来要去{place}，后来去了{place} | 信不是{name}写的，是{name}写的 | {name}不是{role}，是{role}
        {name}和{name}都不是{place}人 | {hour}来还是{hour}来都行 | 没坐车，走路来的 | {hour}以后没有公交
        我{weekday}来不了，不过{name}可以 | 我说的是{hour}，不是{hour} | {weekday}不用买票
        尽管信上写的是{month}，实际{month}才寄出 | 去年{price}，今年{price} | 这个不是新的，{name}{span}前买的
        {part}和以前一样，没有变 | {name}晚上不喝咖啡 | {weekday}没有去{place}的车 | 蓝色的比红色的大一号
        很早就出发去{place}了，{hour}就走了 | 还没看 | 具体日期还没定 | 不含运费 | 价格不含税
        坐火车比开车多{n}个小时 | 没人住那儿 | {place}那边没有消息 | 不是{name}打的电话 | 一楼没有洗手间，二楼有
        不要放微波炉，常温保存 | 请勿拍照 | 今天不上班，明天上 | 除了{name}，大家都到了
        除了{weekday}，每天{hour}营业 | 不需要预约，直接来就行 | 我没接到{name}的电话
        不管{weekday}还是{weekday}，都是{hour}开门 | 刚开始有200人，后来剩{num}人 | 既可以坐地铁，也可以坐公交
        越往北走，温度越低 | 不是我的{whole@}，是{name}的 | 没有{num}码，只有{num}码
        虽然姓李，但{name}不是{place}人 | 无糖可乐和普通可乐各{n}瓶 | 我不觉得{name}是{place}人
        我不认为{hour}之前会开门 | 没人知道{name}住在哪 | 没有一趟车在{place}停 | 不仅{name}来了，{name}也来了
        不但{place}有，{place}也有 | 不得不{hour}就出门 | 不得不在{place}转车 | 并不是每天都有去{place}的车
        不一定{weekday}到 | 我从不喝咖啡，只喝茶 | {name}从来没去过{place} | 没有身份证不能进 | 没有{name}的电话
        毫米和厘米差十倍 | 未满{temp}岁不能买 | 无人售票，请自备零钱 | {weekday}没有课，{weekday}有
        我不是{role}，我是{role} | 不是在{place}，而是在{place} | 与其坐车，不如走路，只有{num}米
        除非{hour}之前到，否则门就关了 | {name}不再是{role}了 | {place}不再卖{num}号的票
        不用{weekday}，{weekday}也行 | 这{cl}比{rival}大一号 | {rival}是{place}产的，这{cl}是{place}产的
        和{rival}相比，这{cl}重{num}克 | 跟{rival}一样长 | {name}和{name}一样高 | {place}没有{place}大
        {place}不如{place}人多 | {name}没有{name}高 | {place}的面积是{place}的{n}倍 | {rival}是蓝的，这{cl}是红的
        这{cl}跟{rival}一样是{num}克 | {name}比{name}早到{num}分钟 | 与{month}相比，人数增加了{num}人
        {place}比{place}冷{n}度 | 今天比昨天热 | {span}前在{place}，现在在{place} | 曾经是学校，如今是博物馆
        {month}之前叫别的名字 | 自从{month}，改在{ord}楼 | 原先在{ord}楼，后来搬到{ord}楼
        {name}从{role}变成了{role} | 从{price}变成了{price} | 去年在{place}，今年在{place} | 直到{hour}才开门
        {span}之后路就通了 | {name}刚开始是{role}，后来当了{role} | 过去{name}住{place}，最近搬走了
        以前每天{n}班车，如今每天{n}班 | 颜色从红色变成了蓝色 | {turn}之后，营业到{hour}
        起初有{num}人，后来有{num}人 | 虽然下雨，我们还是{hour}出发 | 尽管是{weekday}，银行也开门
        即使{hour}来也可以 | 就算下雨，比赛也照常 | 虽说在{place}，但坐车只要{num}分钟 | 看起来是木头的，其实是铁的
        本来想{weekday}去，结果{weekday}去了 | 除了{place}，还去了{place} | 除{weekday}外，每天开放
        哪怕只有一个人，也可以预约 | 车满了，不过下一班{hour}就到 | {name}想喝茶，但只有咖啡
        话虽如此，表格还是{weekday}交 | 虽是{month}，{place}却有{temp}度 | 然而会议改到了{hour}""",
    "lukewarm0": """{np}{meh} | {part}{meh} | {np}{meh} | {part}{meh}，{meh} | {part}不好也不坏
        {np}{meh}，{lukemore} | {part}说不上好，也说不上差 | {np}既不{own+}也不{own-} | {lukemore}
        {part}{meh}，{part}也{meh} | {opener}{np}{meh} | {np}和描述的一样 | {part}跟{price}的价格相符
        有的{part_word@}好，有的{part_word@}不好 | {part}不算{a+}，也不算{bad-} | 对{obj}没什么特别的感觉
        我对{obj}无所谓 | {obj}嘛，{meh} | 谈不上喜欢，也谈不上讨厌{obj} | {part}跟以前差不多 | {np}和{rival}差不多
        就是普通的{whole@} | 有好有坏 | 一半一半吧 | {np}有优点也有缺点 | 不是最好的，也不是最差的
        {setting}，{part}{meh} | {part}中等水平 | {np}算是平均水平 | {part}没有惊喜，也没有失望
        没有很{own+}，也没有很{own-} | {meh}的{whole@}，{meh}的{part} | {who}觉得{part}{meh}，我也没意见
        没有更好，也没有更差 | {np}不比{rival}好，也不比{rival}差 | 以前{meh}，现在也{meh} | 不喜欢也不讨厌
        说不上喜欢，也说不上不喜欢 | 虽然不{own+}，但也不{own-} | {part}和{rival}的一样{meh}
        有时候{own+}，有时候{own-} | {part}没变好也没变差 | 不算好，也不算差""",
    "meh": """一般 | 一般般 | 还行 | 还可以 | 凑合 | 马马虎虎 | 中规中矩 | 普普通通 | 不好不坏 | 过得去 | 中等
        还行吧 | 一般吧 | 就那样 | 正常 | 无功无过 | 凑合能用 | 勉强及格 | 平平 | 普通 | 也就一般 | 差不多""",
    "lukemore": """一分钱一分货 | 没什么特别的 | 三星吧 | 中评 | 打六分 | 先这样吧 | 仁者见仁 | 看个人喜好 | 无感
        随便吧 | 没啥好说的 | 不评价 | 默认中评 | 还需要再观察 | 看情况吧 | 用用看 | 再看看 | 对得起价格，没别的""",
}
