/* care rows: the tables of care and journeys, as rows.h lists the others. Counts that cannot be
 * known are -1; shares, quantiles and medians that cannot are NAN. `note` says why: codes joined by
 * "; ". */
#ifndef BURZA_CARE_ROWS_H
#define BURZA_CARE_ROWS_H

#define CARE_NOTE_MEANING                                                                          \
    "why figures are missing: n<31 (under the minimum), no_accounts, no_brand_posts, "             \
    "parents_missing, parents_partly, gap, without:CHANNEL, approximate_time"

#define RESPONSE_ROW(TEXT, TIME, I32, F64)                                                         \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(account, 64, "account turned to, or all")                                                 \
    TEXT(channel, 32,                                                                              \
         "platform, PLATFORM/private, or all: those whose basis is the best there is")             \
    TEXT(period, 32, "all, a month of the study's time zone (2022-03), or crisis:K")               \
    TEXT(basis, 8,                                                                                 \
         "full (messages and answers are there), replies (answers alone), none (no own post)")     \
    I32(received, "messages to the brand, neither deleted nor automated")                          \
    I32(turns_all, "turns: messages of one author without an answer in between")                   \
    I32(turns, "of them, those that ask for something; all shares are of these")                   \
    I32(conversations, "conversations with a turn here")                                           \
    I32(customers, "their authors")                                                                \
    I32(answered, "turns with an answer by a human, at any time")                                  \
    I32(inferred, "of them, answers that name nobody")                                             \
    I32(answered_elsewhere, "of them, answers by another account than the one turned to")          \
    F64(response_rate, "answered / turns; too low where the dump ends before the answer")          \
    F64(response_rate_low, "lower limit, Wilson 95 %")                                             \
    F64(response_rate_high, "upper limit, Wilson 95 %")                                            \
    I32(observed_turns_1h, "turns watched for an hour or longer")                                  \
    F64(rr_1h, "of them, the share answered within 3,600 s")                                       \
    I32(observed_turns_24h, "turns watched for 24 hours or longer")                                \
    F64(rr_24h, "of them, the share answered within 86,400 s")                                     \
    I32(first_turns, "each author's first turn of a conversation: n of frt_* and km_*")            \
    F64(frt_median_s, "first response time: Kaplan-Meier median, seconds")                         \
    F64(frt_median_low_s, "its lower limit, log-log 95 %")                                         \
    F64(frt_median_high_s, "its upper limit, log-log 95 %")                                        \
    F64(frt_p75_s, "three of four wait no longer")                                                 \
    F64(frt_p90_s, "nine of ten wait no longer")                                                   \
    F64(frt_mean_s, "mean of the answers seen; not how long people wait")                          \
    F64(km_15m, "share answered within 15 min, Kaplan-Meier")                                      \
    F64(km_1h, "within 1 h")                                                                       \
    F64(km_4h, "within 4 h")                                                                       \
    F64(km_24h, "within 24 h")                                                                     \
    F64(rt_median_s, "Kaplan-Meier median over all turns")                                         \
    F64(business_median_s, "median first response time in open seconds of the calendar")           \
    I32(turns_off_hours, "turns that arrive outside open hours")                                   \
    F64(rr_1h_off_hours, "of them and watched for an hour, the share answered within it")          \
    I32(deflected, "turns whose answer sends to a private channel")                                \
    I32(decided, "conversations whose outcome is known")                                           \
    I32(resolved, "of them, thanked or presumed closed")                                           \
    I32(thanked, "of them, those that end with thanks")                                            \
    F64(resolved_rate, "resolved / decided")                                                       \
    F64(resolution_median_s, "median time from the first message to what resolved it")             \
    I32(unaddressed, "posts of the brand that turn to nobody")                                     \
    I32(proactive, "of them, those that the brand answered")                                       \
    F64(sentiment_answered, "mean sentiment -1..1 of the first posts of answered turns")           \
    F64(sentiment_unanswered, "the same of turns without an answer")                               \
    F64(sentiment_change, "mean of last minus first post of a conversation with two")              \
    TIME(first_reply_s, "crises: seconds from onset to the first public reply")                    \
    TIME(first_statement_s, "crises: seconds from onset to the first public statement")            \
    TEXT(note, 160, CARE_NOTE_MEANING)

#define CONVERSATION_ROW(TEXT, TIME, I32, F64)                                                     \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(channel, 32, "platform, or PLATFORM/private")                                             \
    TEXT(conversation, 64, "id of its first post")                                                 \
    TIME(started, "first post")                                                                    \
    TIME(ended, "last post")                                                                       \
    I32(customers, "authors of messages")                                                          \
    I32(inbound, "messages to the brand")                                                          \
    I32(outbound, "posts by the brand")                                                            \
    I32(turns, "turns that ask for something")                                                     \
    I32(answered, "of them, those with an answer")                                                 \
    TIME(frt_s, "seconds until the first answer")                                                  \
    TEXT(state, 16,                                                                                \
         "nothing_asked, thanked, unanswered, unresolved, deflected, presumed_closed, pending")    \
    TIME(resolved_s, "seconds from the first message to what resolved it")                         \
    F64(sentiment_first, "-1..1 of the first customer's post with a sentiment")                    \
    F64(sentiment_last, "of the last one")                                                         \
    I32(crisis, "number of the crisis in which it began, by onset")                                \
    TEXT(note, 48, "what to know of the times: parents_partly, gap, approximate_time")

#define HOUR_ROW(TEXT, TIME, I32, F64)                                                             \
    TEXT(brand, 64, "brand id")                                                                    \
    I32(weekday, "1 Monday .. 7 Sunday")                                                           \
    I32(hour, "0..23, local")                                                                      \
    I32(hours_exist, "clock hours of that kind that the dump shows")                               \
    I32(turns, "turns that arrive then")                                                           \
    F64(turns_per_hour, "turns / hours_exist")                                                     \
    I32(answered, "of the turns, those with an answer")                                            \
    I32(observed_turns_1h, "turns watched for an hour or longer")                                  \
    I32(answered_1h, "of them, those answered within it")                                          \
    F64(rr_1h, "answered_1h / observed_turns_1h")                                                  \
    I32(outbound, "replies written then: somebody is there")                                       \
    TEXT(note, 160, CARE_NOTE_MEANING)

/* I32_AS(field, name, meaning): a column whose name is a word of C. */
#define REPLY_ROW(TEXT, TIME, I32, F64, I32_AS)                                                    \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(account, 64, "account that replies, or all")                                              \
    TEXT(agent, 64, "who signed, by the letters of the signature, or all")                         \
    I32(replies, "replies by humans")                                                              \
    I32_AS(automatic, auto, "automatic replies")                                                   \
    I32_AS(signed_by, signed, "replies with a signature")                                          \
    I32(named, "replies that greet the customer by name")                                          \
    I32(apology, "replies with an apology")                                                        \
    I32(deflected, "replies that send to a private channel")                                       \
    I32(canned, "replies in words that at least three customers got")                              \
    F64(canned_share, "canned / replies")                                                          \
    F64(length_median, "median characters of a reply")                                             \
    I32(emoji_turns, "answered turns with an emoji")                                               \
    I32(emoji_mirrored, "of them, those whose answer has one too")                                 \
    I32(language_turns, "answered turns of which both sides are Polish or English")                \
    I32(language_matched, "of them, those in one language")                                        \
    F64(rt_median_s, "median time until these answers")                                            \
    TEXT(note, 160, CARE_NOTE_MEANING)

#define CHANCE_ROW(TEXT, TIME, I32, F64)                                                           \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(channel, 32, "platform, PLATFORM/private, or all")                                        \
    TEXT(kind, 12, "purchase (wants to buy), question, complaint, praise")                         \
    TEXT(addressed, 4, "yes: it turned to the brand; no: it only named it")                        \
    I32(chances, "turns or posts of that kind")                                                    \
    I32(answered, "of them, answered at any time")                                                 \
    I32(missed, "of them, without an answer though watched for 24 hours")                          \
    I32(open, "of them, without an answer but not watched for so long")                            \
    F64(missed_share, "missed / (answered + missed)")                                              \
    TEXT(topics, 120, "what they are about, with their numbers, five at most of five chances")     \
    TEXT(note, 160, CARE_NOTE_MEANING)

#define OUTCOME_ROW(TEXT, TIME, I32, F64)                                                          \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(outcome, 20, "act, advocate, act_or_advocate, detractor, complaint_again")                \
    I32(answered_n, "persons whose question was answered within 24 hours")                         \
    I32(answered_yes, "of them, those who showed the outcome in the 29 days after")                \
    F64(answered_rate, "answered_yes / answered_n")                                                \
    I32(unanswered_n, "persons whose question was not answered within 24 hours")                   \
    I32(unanswered_yes, "of them, those who showed the outcome in the 29 days after")              \
    F64(unanswered_rate, "unanswered_yes / unanswered_n")                                          \
    F64(difference, "answered_rate minus unanswered_rate: association, not cause")                 \
    F64(difference_low, "lower limit, Newcombe 95 %")                                              \
    F64(difference_high, "upper limit, Newcombe 95 %")                                             \
    I32(early, "persons left out: they showed it within the first 24 hours")                       \
    TEXT(note, 160, CARE_NOTE_MEANING)

#define JOURNEY_ROW(TEXT, TIME, I32, F64)                                                          \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(period, 32, "all, before:K (28 days), during:K, after:K (30 days) of crisis K")           \
    I32(authors, "persons who posted")                                                             \
    I32(reach_aware, "persons who came to aware or further")                                       \
    I32(reach_appeal, "to appeal or further")                                                      \
    I32(reach_ask, "to ask or further")                                                            \
    I32(reach_act, "to act or further")                                                            \
    I32(reach_advocate, "to advocate")                                                             \
    F64(step_appeal, "reach_appeal / reach_aware")                                                 \
    F64(step_ask, "reach_ask / reach_appeal")                                                      \
    F64(step_act, "reach_act / reach_ask")                                                         \
    F64(step_advocate, "reach_advocate / reach_act")                                               \
    TEXT(bottleneck, 12, "the state whose step is smallest")                                       \
    I32(asked, "persons who asked")                                                                \
    I32(asked_then_acted, "of them, those who acted or spoke for the brand later")                 \
    F64(ask_conversion, "asked_then_acted / asked")                                                \
    F64(ask_conversion_low, "lower limit, Wilson 95 %")                                            \
    F64(ask_conversion_high, "upper limit, Wilson 95 %")                                           \
    I32(actors, "persons who acted")                                                               \
    F64(spar, "social purchase action ratio: actors / authors; of people who post, no market")     \
    F64(spar_low, "lower limit, Wilson 95 %")                                                      \
    F64(spar_high, "upper limit, Wilson 95 %")                                                     \
    I32(advocates, "persons who speak for the brand unasked")                                      \
    F64(sbar, "social brand advocacy ratio: advocates / authors; of people who post")              \
    F64(sbar_low, "lower limit, Wilson 95 %")                                                      \
    F64(sbar_high, "upper limit, Wilson 95 %")                                                     \
    I32(detractors, "persons who warn of the brand")                                               \
    TEXT(note, 160, CARE_NOTE_MEANING)

#define TRANSITION_ROW(TEXT, TIME, I32, F64)                                                       \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(from_stage, 12, "start, aware, appeal, ask, act, advocate, detractor")                    \
    TEXT(to_stage, 12, "the same without start, or silence")                                       \
    I32(transitions, "how often it was seen; paths still open add none")                           \
    I32(authors, "by how many persons")                                                            \
    F64(share, "of all that leave from_stage")                                                     \
    F64(share_low, "lower limit, Wilson 95 %")                                                     \
    F64(share_high, "upper limit, Wilson 95 %")                                                    \
    F64(median_s, "median time between the first posts of both states")                            \
    TEXT(note, 160, CARE_NOTE_MEANING)

#define TOUCHPOINT_ROW(TEXT, TIME, I32, F64)                                                       \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(channel, 32, "platform, or PLATFORM/private")                                             \
    TEXT(stage, 12, "state of the post, or none")                                                  \
    I32(posts, "posts of customers")                                                               \
    I32(authors, "their authors")                                                                  \
    I32(scored, "posts with a sentiment")                                                          \
    I32(negative, "of them, negative")                                                             \
    F64(negative_share, "negative / scored")                                                       \
    I32(questions, "posts with the intent question")                                               \
    I32(complaints, "posts with the intent complaint")                                             \
    I32(turns, "turns that begin there")                                                           \
    I32(answered, "of them, those with an answer")                                                 \
    F64(answered_share, "answered / turns")                                                        \
    F64(rt_median_s, "Kaplan-Meier median over these turns")                                       \
    TEXT(topics, 120,                                                                              \
         "what they ask and complain about, with numbers of posts, five at most of five posts")    \
    TEXT(note, 160, CARE_NOTE_MEANING)

#define PERSON_ROW(TEXT, TIME, I32, F64)                                                           \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(kind, 12, "advocate, detractor, asker, amplifier")                                        \
    I32(rank, "1 is first")                                                                        \
    TEXT(author, 64, "pseudonym, or the handle when the configuration says plain")                 \
    TEXT(channels, 200, "where this person posts")                                                 \
    I32(posts, "posts of or to the brand")                                                         \
    I32(kind_posts, "of them, those of the kind")                                                  \
    I32(positive, "positive among them")                                                           \
    I32(negative, "negative among them")                                                           \
    TIME(reach, "sum of followers over the posts, 0 where unknown")                                \
    TIME(engagement, "likes + replies + reposts on them")                                          \
    TIME(first, "first post")                                                                      \
    TIME(last, "last post")

#define COMPARISON_ROW(TEXT, TIME, I32, F64)                                                       \
    TEXT(brand, 64, "brand id")                                                                    \
    TEXT(period, 32, "all, or a quarter of the study's time zone (2022-Q1)")                       \
    I32(mentions, "mentions, as in the table brands")                                              \
    F64(share_of_voice, "mentions / those of all brands; a post that names two counts for both")   \
    I32(positive, "positive mentions")                                                             \
    I32(neutral, "neutral mentions")                                                               \
    I32(negative, "negative mentions")                                                             \
    F64(net_sentiment, "(positive - negative) / (positive + negative)")                            \
    F64(bhi, "brand health index: positive / (positive + negative)")                               \
    F64(bhi_low, "lower limit, Wilson 95 %")                                                       \
    F64(bhi_high, "upper limit, Wilson 95 %")                                                      \
    I32(questions, "turns with the intent question")                                               \
    I32(questions_answered, "of them, those with an answer")                                       \
    F64(question_rate, "questions_answered / questions, from 50 questions on")                     \
    F64(devoted_net, "questions answered minus not answered, from 50 questions on")                \
    TEXT(socially_devoted, 4, "quarters with 50 questions: yes when 65 % are answered, else no")   \
    I32(replies, "answered turns")                                                                 \
    F64(response_rate, "answered / turns, from 31 replies on")                                     \
    TEXT(note, 160, CARE_NOTE_MEANING)

#endif
